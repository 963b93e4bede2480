import os

from workshop_lib.grading.submission import SizeLimits, read_submission


def test_regular_files_are_read_and_code_files_are_left_out(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/values.csv").write_text("1")
    (tmp_path / "numpy.py").write_text("")
    (tmp_path / "workshop_lib").mkdir()
    (tmp_path / "workshop_lib/__init__.py").write_text("")
    (tmp_path / "matplotlibrc").write_text("")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints/a.ipynb").write_text("{}")
    submission = read_submission(tmp_path)
    assert submission.files == {"a.ipynb": b"{}", "data/values.csv": b"1"}
    assert len(submission.remarks) == 3 and all("module" in r for r in submission.remarks)
    assert submission.problem is None


def test_code_files_that_students_may_hand_in_are_read(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    (tmp_path / "helpers.py").write_text("x = 1")
    assert "helpers.py" in read_submission(tmp_path, allowed=["helpers.py"]).files


def test_links_and_special_files_are_left_out(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "submission"
    folder.mkdir()
    os.symlink(tmp_path / "secret", folder / "a.ipynb")
    os.symlink(tmp_path, folder / "all")
    os.mkfifo(folder / "pipe.csv")
    submission = read_submission(folder)
    assert submission.files == {}
    assert "a.ipynb is a link or not an ordinary file" in submission.problem
    assert any("all is a link to a folder" in remark for remark in submission.remarks)


def test_a_folder_that_is_a_link_is_not_read(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.ipynb").write_text("{}")
    os.symlink(tmp_path / "real", tmp_path / "link")
    assert read_submission(tmp_path / "link").problem == "The folder cannot be read (it is a link)."


def test_what_is_too_large_is_left_out(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b" " * 2000)
    (tmp_path / "b.csv").write_bytes(b" " * 700)
    (tmp_path / "c.csv").write_bytes(b" " * 700)
    submission = read_submission(tmp_path, SizeLimits(file_bytes=1000, total_bytes=1000, files=9))
    assert list(submission.files) == ["b.csv"]
    assert "a.ipynb" in submission.problem and "c.csv" in submission.remarks[0]


def test_a_folder_without_a_notebook_is_a_problem(tmp_path):
    assert read_submission(tmp_path).problem == "There is no notebook in the submission."
    assert "cannot be read" in read_submission(tmp_path / "nowhere").problem


def test_names_that_are_not_utf8_are_left_out(tmp_path):
    (tmp_path / "a.ipynb").write_text("{}")
    with open(os.path.join(os.fsencode(tmp_path), b"bad\xff.csv"), "wb"):
        pass
    submission = read_submission(tmp_path)
    assert list(submission.files) == ["a.ipynb"]
    assert submission.remarks[0].isascii()
