import pytest

from workshop_lib.authoring import seal
from workshop_lib.authoring.build import build


@pytest.mark.parametrize(
    "file",
    [
        "syllabus.toml",
        "docs/glossary.md",
        "solutions/01_small/01_first.py",
        "solutions/01_small/01_first.ipynb",
        "notebooks/01_small/01_first.ipynb",
    ],
)
def test_a_seal_breaks_with_every_file_that_a_build_reads_or_writes(course, file):
    build(course)
    assert seal.holds(course)
    path = course / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert not seal.holds(course)


def test_a_sealed_course_reports_what_a_full_look_reports(course):
    build(course)
    (course / seal.SEAL).unlink()
    looked = build(course)
    assert seal.holds(course)
    assert build(course) == looked


def test_no_seal_while_there_is_something_to_put_right(course):
    build(course)
    (course / "notebooks/01_small/01_first.ipynb").unlink()
    assert build(course, check=True).problems
    assert not seal.holds(course)


def test_no_seal_when_a_source_is_changed_while_it_is_built(course):
    path = course / "solutions/01_small/01_first.py"

    def somebody_saves(*_):
        path.write_text(path.read_text() + "\n")

    build(course, force=True, progress=somebody_saves)
    assert not seal.holds(course)
