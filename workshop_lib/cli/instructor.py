"""Commands for instructors: grade a class, look at the results, hand them on."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from workshop_lib.errors import WorkshopError

_Unit = Annotated[str, typer.Argument(metavar="UNIT", help="For example 01_preprocessing.")]
_LEVELS = ("auto", "required", "none", "namespaces", "landlock", "limits")


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


def grade(
    unit: _Unit,
    student: Annotated[
        list[str] | None, typer.Option(help="Only this student; may be given several times.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Submissions at a time; by cores and free memory if not given."),
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler, as tcp://127.0.0.1:8786.")
    ] = None,
    isolation: Annotated[
        str,
        typer.Option(help="required: refuse to run where code cannot be isolated. auto, none."),
    ] = "auto",
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Run what has not changed, too.")
    ] = False,
):
    """Grade all submissions of a unit into nbgrader's gradebook, in any nbgrader course."""
    if isolation not in _LEVELS:
        raise WorkshopError(f"--isolation is one of {', '.join(_LEVELS)}; got {isolation!r}.")
    if sys.platform != "linux":
        raise WorkshopError(
            "`workshop grade` needs Linux: use a container or a virtual machine, or grade with "
            f"`nbgrader autograde {unit}`."
        )
    print(f"Preparing {unit}.", file=sys.stderr, flush=True)
    from workshop_lib.grading.coordinator import Options, grade_unit
    from workshop_lib.grading.course import open_course

    options = Options(tuple(student or ()), workers, dask, isolation, regrade)
    with _Progress() as progress:
        outcome = grade_unit(
            open_course(), unit, options, on_start=progress.start, on_row=progress.add
        )
    _print_rows(outcome.rows)
    _print_end(unit, outcome)
    raise typer.Exit(outcome.exit_code)


class _Progress:
    """A bar with the number of failures, the rate and the time that is left."""

    def __init__(self):
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("grading", total=None, rate="")
        self._attention = 0

    def start(self, total):
        self._bar.update(self._task, total=total)

    def add(self, row):
        self._attention += row.needs_attention
        task = self._bar.tasks[self._task]
        rate = f"{60 * task.speed:.0f} a minute" if task.speed else ""
        words = f"grading ({self._attention} need attention)" if self._attention else "grading"
        self._bar.update(self._task, advance=1, description=words, rate=rate)

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *_):
        self._bar.stop()


def _print_rows(rows):
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("student", "state", box=None, pad_edge=False)
    for heading in ("points", "possible", "verified", "flags", "remarks"):
        table.add_column(heading, justify="right")
    table.add_column("isolation")
    for row in rows:
        verified = "" if row.verified is None else f"{row.verified:.0%}"
        counts = (str(len(row.flags) or ""), str(len(row.remarks) or ""))
        cells = (row.student, row.state, f"{row.points:g}", f"{row.max_points:g}", verified)
        table.add_row(*map(escape, (*cells, *counts, row.level or "")))
    Console(highlight=False).print(table)
    # Below the table, which would break long sentences into narrow columns.
    for row in rows:
        for remark in row.remarks:
            print(f"{row.student}: {remark}")
    for row in rows:
        for text in (*filter(None, [row.problem]), *row.flags):
            print(f"Attention: {row.student}: {text}")


def _print_end(unit, outcome):
    states = [row.state for row in outcome.rows]
    counts = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
    print(f"{unit}: {counts or 'no submissions'}.")
    by_hand = sum(row.needs_manual for row in outcome.rows)
    if by_hand:
        print(f"{by_hand} have parts for a person to grade: open Formgrader, Manual Grading.")
    attention = sum(row.needs_attention for row in outcome.rows)
    if attention:
        print(f"{attention} need attention.")
    if outcome.interrupted:
        print(f"Stopped with {outcome.left} left. Run the same command again to go on.")


def report(unit: _Unit):
    """Write a page about a graded unit: scores, items, misconceptions, what to look at."""
    from workshop_lib.grading import report as page
    from workshop_lib.grading.export import write

    with _graded(unit) as (_, session, records, folder):
        summary = page.summarise(session, unit, records)
        rows = page.as_rows(session, unit, records)
    for path, text in (
        (folder / f"{unit}.html", page.as_html(summary)),
        (folder / f"{unit}.items.csv", rows),
    ):
        write(path, text)
        print(path)


def export(
    unit: _Unit,
    format_: Annotated[
        str, typer.Option("--format", help="csv, canvas, moodle or gradescope.")
    ] = "csv",
    to: Annotated[Path | None, typer.Option(help="File; else beside the reports.")] = None,
):
    """Write the marks of a unit as a file for another system."""
    from workshop_lib.grading import export as files

    with _graded(unit) as (_, session, records, folder):
        text = files.export(session, unit, format_, records)
    path = to or folder / f"{unit}.{'marks' if format_ == 'csv' else format_}.csv"
    files.write(path, text)
    print(path)


def similarity(
    unit: _Unit,
    least: Annotated[
        float, typer.Option(min=0, max=1, help="Least similarity of the structure.")
    ] = 0.8,
):
    """List pairs of students whose own code is alike: whom to look at; it proves nothing."""
    from workshop_lib.grading import similarity as alike
    from workshop_lib.grading.course import package

    with _graded(unit) as (course, session, _, _):
        students = session.totals(unit)
        codes = alike.own_codes(course, unit, package(course, unit, session.gradebook), students)
    pairs = alike.pairs(codes, least)
    for pair in pairs:
        print(
            f"{pair.first} and {pair.second}: structure {pair.structure:.0%}, "
            f"wording {pair.wording:.0%}"
        )
    print(f"{len(pairs)} pairs among {len(codes)} students reach {least:.0%}.")


def _graded(unit):
    """Open a graded unit: its course, gradebook, records, and the folder of its reports."""
    import contextlib

    from workshop_lib.grading.course import open_course
    from workshop_lib.grading.gradebook import open_gradebook
    from workshop_lib.grading.store import Store

    @contextlib.contextmanager
    def opened():
        course = open_course()
        folder = course.records_folder(unit)
        with open_gradebook(course) as session:
            yield course, session, Store(folder).all_done(), folder.parents[1] / "reports"

    return opened()


COMMANDS = (demo, grade, report, export, similarity)
