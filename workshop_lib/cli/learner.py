"""Commands for learners: open the course, check, see progress, reset, update, hand in."""

from pathlib import Path
from typing import Annotated

import typer

from workshop_lib import lab as jupyter
from workshop_lib.desk import Desk, course_root
from workshop_lib.errors import WorkshopError

_NotebookName = Annotated[
    str,
    typer.Argument(metavar="UNIT/NOTEBOOK", help="For example 01_preprocessing/01_clean."),
]
_ExerciseName = Annotated[str, typer.Argument(metavar="EXERCISE", help="For example clean_age.")]
_Port = Annotated[int, typer.Option(min=1, max=65535, help="Port on this computer.")]


def _console():
    from rich.console import Console

    return Console(highlight=False)


def _table(*columns):
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for position, (title, justify) in enumerate(columns):
        table.add_column(title, justify=justify, overflow="fold", no_wrap=position == 0)
    return table


def lab(
    port: _Port = 8888,
    course: Annotated[
        bool, typer.Option("--course", help="For instructors: show the whole course.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
):
    """Open JupyterLab on your work/ folder; only missing notebooks are copied into it."""
    desk = Desk(course_root())
    jupyter.require_free_port(port)
    if course:
        jupyter.start(desk.root, port, browser=not no_browser)
        return
    copied = desk.copy_missing()
    print(f"{len(copied)} new files in {desk.work}; nothing that was there has changed.")
    page = jupyter.WELCOME if (desk.work / jupyter.WELCOME).exists() else ""
    jupyter.start(desk.work, port, page, browser=not no_browser)


def check(
    notebook: Annotated[
        str, typer.Argument(metavar="NOTEBOOK", help="A path, or UNIT/NOTEBOOK of your work/.")
    ],
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one cell may take.")] = 60,
):
    """Run a notebook as it will be graded and show a score card; the file stays as it is."""
    from workshop_lib.rehearsal import rehearse

    path = Path(notebook)
    if not path.exists():
        path = _in_work(notebook)
    result = rehearse(path, timeout)
    _print_score_card(result)
    if result.helper_modules:
        print(
            f"Attention: {', '.join(result.helper_modules)} beside the notebook is not handed in. "
            "Keep your answers inside the notebook."
        )
    for error in result.errors:
        print(f"Attention: {error}")
    if result.stopped:
        raise WorkshopError(result.stopped)


def _in_work(notebook):
    """Return the learner's copy of ``unit/notebook``, or say that there is no such file."""
    try:
        desk = Desk(course_root())
        return desk.path_of(desk.notebook(notebook))
    except WorkshopError as error:
        raise WorkshopError(f"There is no file {notebook}. {error}") from error


def _print_score_card(result):
    table = _table(("exercise", "left"), ("state", "left"), ("points", "right"), ("next", "left"))
    for name, report in result.reports.items():
        maximum = result.max_points[name]
        if report is None:
            table.add_row(name, "no result", f"0/{maximum:g}", "its check did not finish")
        else:
            table.add_row(
                name, report["state"], f"{report['points']:g}/{maximum:g}", _first_message(report)
            )
    _console().print(table)
    print(
        f"{result.points:g} of {sum(result.max_points.values()):g} points from visible checks. "
        "Grading adds checks on data that you have not seen."
    )


def _first_message(report):
    messages = [item["message"] for item in report["items"] if item.get("message")]
    return messages[0] if messages and report["state"] == "not yet" else ""


def status():
    """Show your progress over all units, from the notebooks that you saved in work/."""
    rows = Desk(course_root()).status()
    table = _table(
        ("notebook", "left"),
        ("points", "right"),
        ("passed", "right"),
        ("not yet", "right"),
        ("not attempted", "right"),
        ("written", "right"),
    )
    for row in rows:
        table.add_row(*_status_row(row))
    _console().print(table)
    total, maximum = sum(row.points for row in rows), sum(row.max_points for row in rows)
    print(f"{total:g} of {maximum:g} points from saved checks. {_next_step(rows)}")
    for row in rows:
        if row.newer:
            print(f"{row.name} has a newer release: `workshop update {row.name}`")
    problems = [row.problem for row in rows if row.problem]
    if problems:
        raise WorkshopError("\n".join(problems))


def _status_row(row):
    if row.problem:
        return row.name, "unreadable", "", "", "", ""
    return (
        row.name,
        f"{row.points:g}/{row.max_points:g}",
        str(row.count("passed")),
        str(row.count("not yet")),
        str(row.count("not attempted")),
        f"{row.written}/{row.written_total}" if row.written_total else "",
    )


def _next_step(rows):
    for row in rows:
        for exercise in row.exercises:
            if exercise.state != "passed":
                return f"Next: {exercise.name} in {row.name} ({exercise.state})."
        if row.written < row.written_total:
            return f"Next: the written answer in {row.name}."
    return "Everything is done: hand in with `workshop submit UNIT`."


def reset(notebook: _NotebookName, exercise: _ExerciseName):
    """Put ONE exercise back to its stub; the notebook as it was is kept as a backup."""
    backup = Desk(course_root()).reset(notebook, exercise)
    print(f"{exercise} is back to its stub. Your notebook as it was: {backup}")
    print(_RELOAD)


_RELOAD = "If the notebook is open in JupyterLab, choose File > Reload Notebook from Disk."


def update(
    notebook: Annotated[
        str | None, typer.Argument(metavar="[UNIT/NOTEBOOK]", help="All notebooks when not given.")
    ] = None,
):
    """Bring new releases of notebooks in; your answers and your own cells stay."""
    desk = Desk(course_root())
    names = [desk.notebook(notebook)] if notebook else desk.notebooks()
    problems, changed = [], 0
    for name in names:
        try:
            backup = desk.update(name)
        except WorkshopError as error:
            problems.append(str(error))
            continue
        if backup:
            changed += 1
            print(f"{name} updated. Your notebook as it was: {backup}")
    print(f"{changed} of {len(names)} notebooks changed." + (f" {_RELOAD}" if changed else ""))
    if problems:
        raise WorkshopError("\n".join(problems))


def solution(notebook: _NotebookName, exercise: _ExerciseName):
    """Show the worked solution of an exercise, after several tries of your own."""
    print(Desk(course_root()).solution(notebook, exercise))


def submit(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="For example 01_preprocessing.")],
):
    """Pack the notebooks of a unit into one zip file with a receipt, to hand in."""
    submission = Desk(course_root()).submit(unit)
    print(f"Hand in {submission.archive}")
    print(f"Keep    {submission.receipt}")
    for name, digest in submission.files.items():
        print(f"  {name}  sha256 {digest[:12]}…")
    if submission.missing:
        print(f"Attention: not in work/ and so not handed in: {', '.join(submission.missing)}")
    print("In a class with an nbgrader exchange, hand in with Nbgrader > Assignment List instead.")


def doctor(port: _Port = 8888):
    """Look for what the course needs on this computer, and say what to do."""
    from workshop_lib.doctor import examine

    findings = examine(course_root(), port)
    table = _table(("", "left"), ("", "left"), ("", "left"))
    table.show_header = False
    for finding in findings:
        table.add_row("ok" if finding.ok else "attention", finding.subject, finding.text)
    _console().print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


COMMANDS = (lab, check, status, reset, update, solution, submit, doctor)
