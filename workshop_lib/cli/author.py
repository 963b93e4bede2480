"""Commands for authors: build the notebooks, report what they cover."""

import os
import sys
from typing import Annotated

import typer

from workshop_lib.desk import course_root
from workshop_lib.errors import WorkshopError
from workshop_lib.execution import GRADING_SEEDS, read_seeds


def build(
    unit: Annotated[
        str | None,
        typer.Argument(help="For example 01_preprocessing or 01_preprocessing/01_clean."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if a build would.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks that run at the same time.")] = 2,
    force: Annotated[
        bool, typer.Option("--force", help="Execute unchanged notebooks too.")
    ] = False,
):
    """Make the released and the executed notebook of every source that changed."""
    from workshop_lib.authoring.build import build as build_course

    root = course_root()
    with _progress_bar() as progress:
        result = build_course(root, unit, check=check, jobs=jobs, force=force, progress=progress)
    if result.problems:
        _print_problems(result.problems)
        raise typer.Exit(1)
    if check:
        print(f"{len(result.unchanged)} notebooks are up to date.")
        return
    for name in result.executed:
        print(f"built {name}")
    print(
        f"{len(result.executed)} built, {len(result.unchanged)} unchanged, "
        f"{len(result.unwritten)} not yet written."
    )


def coverage(
    table: Annotated[
        bool, typer.Option("--table", help="Print the course table of the README instead.")
    ] = False,
):
    """List every objective with its exercises, and the points of each notebook."""
    from workshop_lib.authoring import coverage as report
    from workshop_lib.authoring.build import read_sources
    from workshop_lib.authoring.lint import lint
    from workshop_lib.authoring.syllabus import load

    root = course_root()
    syllabus = load(root)
    sources, problems = read_sources(root, syllabus)
    problems += lint(sources, syllabus)
    if problems:
        _print_problems(problems)
        raise typer.Exit(1)
    if table:
        print(report.course_table(syllabus, sources))
        return
    for line in report.objective_lines(syllabus, sources):
        print(line)
    print()
    for line in report.point_lines(syllabus, sources):
        print(line)


def verify(
    unit: Annotated[
        str | None,
        typer.Argument(help="For example 01_preprocessing or 01_preprocessing/01_clean."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Answers that run at the same time.")] = 2,
    seeds: Annotated[
        str, typer.Option(help="Seeds of the data that checks make, for example 4021,733,58.")
    ] = ",".join(map(str, GRADING_SEEDS)),
    cache: Annotated[bool, typer.Option(help="Reuse results of what has not changed.")] = True,
    graded: Annotated[
        bool, typer.Option("--graded", help="Also grade the solved notebooks as a student's.")
    ] = False,
):
    """Prove the checks: run every right and wrong answer, in one process and in two."""
    if not hasattr(os, "fork"):
        raise WorkshopError(
            "`workshop verify` forks a process for every answer, which Windows cannot do: run it "
            "in WSL, a container or a virtual machine with Linux."
        )
    from workshop_lib.authoring import verify as proof

    with _progress_bar() as progress:
        started = False

        def count(done, total):
            nonlocal started
            if not started:
                progress(None, total)
                started = True
            progress("running answers", None)

        rows, problems = proof.verify(
            course_root(),
            unit,
            workers=jobs,
            seeds=read_seeds(seeds),
            use_cache=cache,
            graded=graded,
            on_result=count,
        )
    _print_proof(rows)
    if problems:
        for problem in problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(1)
    if graded:
        count = len({row.notebook for row in rows})
        print(f"Solved notebooks that got all their points when graded as a student's: {count}.")


COMMANDS = (build, coverage, verify)


def _print_proof(rows):
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(
        Column("exercise", no_wrap=True),
        "wrong rejected",
        "right accepted",
        "blank = 0",
        "hard-coded < full",
        "equal in another process",
    )
    for row in rows:
        counts = (row.wrong, row.right, row.blank, row.hardcoded, row.separate)
        shown = [f"{good}/{total}" if total else "-" for good, total in counts]
        table.add_row(f"{row.notebook.split('/')[1]}: {row.exercise}", *shown)
    console = Console()
    console.width = max(console.width, 100)
    console.print(table)
    plain = sum(row.transport == "plain" for row in rows)
    answers = sum(total for row in rows for _, total in (row.wrong, row.right, row.hardcoded))
    print(
        f"{len(rows)} checks, {answers} answers. {plain} checks ({plain / len(rows):.0%}) "
        "are plain: they can run in another process than the answer."
    )


def _progress_bar():
    """Show a bar; the reporter takes ``(None, total)`` first, then ``(name, None)``."""
    import contextlib

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    @contextlib.contextmanager
    def shown():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        console = Console(stderr=True)
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task("building", total=None, visible=False)

            def report(name, total):
                if total:
                    bar.update(task, total=total, visible=True)
                else:
                    bar.update(task, advance=1, description=name)

            yield report

    return shown()


def _print_problems(problems):
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{len(problems)} to put right")
    for heading in ("where", "cell", "problem"):
        table.add_column(heading, overflow="fold")
    for problem in sorted(problems, key=lambda each: (each.file, each.line)):
        table.add_row(f"{problem.file}:{problem.line}", problem.cell, problem.text)
    console = Console(stderr=True)
    console.width = max(console.width, 140)
    console.print(table)
