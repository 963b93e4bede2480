"""Commands for instructors: see a class graded."""

from typing import Annotated

import typer


def demo(
    unit: Annotated[str, typer.Argument(help="A built unit.")] = "00_start_here",
):
    """Grade a class of five in a temporary folder, with stock nbgrader."""
    import tempfile

    from rich.console import Console
    from rich.table import Table

    from workshop_lib.desk import course_root
    from workshop_lib.grading.demo_class import PROFILES, run_demo

    root = course_root()
    folder = tempfile.mkdtemp(prefix="workshop-demo-")
    class_, scores = run_demo(root, folder, unit, say=print)
    table = Table("student", "points", "possible")
    for student in PROFILES:
        points, possible = scores[student]
        table.add_row(student, f"{points:g}", f"{possible:g}")
    Console().print(table)
    # Not in the table, which would break a long path into lines.
    for student in PROFILES:
        print(f"Feedback for {student}: {class_.feedback_page(student)}")
    print(f"The class is in {folder}. Run any nbgrader command there; delete it when you are done.")


COMMANDS = (demo,)
