"""The folder of a child is removed, whatever the child made of it, and nothing else is touched."""

import subprocess
import sys

from workshop_lib.grading.zygote import remove_folder


def mode(path):
    return path.stat().st_mode & 0o777


def test_a_folder_that_is_gone_changes_nothing_above(tmp_path):
    tmp_path.chmod(0o755)
    remove_folder(str(tmp_path / "gone"))
    assert mode(tmp_path) == 0o755


def test_a_link_in_a_locked_folder_changes_nothing_where_it_leads(tmp_path):
    target, folder = tmp_path / "target", tmp_path / "folder"
    (folder / "locked").mkdir(parents=True)
    target.mkdir()
    (folder / "locked" / "link").symlink_to(target)
    target.chmod(0o755)
    (folder / "locked").chmod(0o500)
    folder.chmod(0o000)
    # Without the privileges of root, for whom nothing is locked.
    code = (
        "import sys\nfrom workshop_lib.grading import isolation, zygote\n"
        "isolation._drop_privileges()\nzygote.remove_folder(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)
    assert mode(target) == 0o755
    assert not folder.exists()


def test_thousands_of_folders_in_one_another_are_removed(tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    code = "import os\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    remove_folder(str(folder))
    assert not folder.exists()
