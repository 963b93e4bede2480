"""Grade the solved notebooks as a class's are graded: each must get all its points.

The proof of a check runs it on its own. Here whole notebooks run as `workshop grade` runs them, in
isolated processes and with everything that looks for cheating.
"""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import groupby
from pathlib import Path

from workshop_lib.authoring.source import released
from workshop_lib.cells import grading_of, is_check, write_bytes
from workshop_lib.execution import GRADING_SEEDS
from workshop_lib.grading import VERIFIED
from workshop_lib.grading.course import modules_in
from workshop_lib.grading.execute import close_engines, code_cells, execute
from workshop_lib.grading.task import engine_digest

CACHE = Path(".cache") / "solved"


def grade_solved(
    root, notebooks, library, *, workers=2, seeds=GRADING_SEEDS, use_cache=True, on_result=None
):
    """Grade solved notebooks with the engine of `workshop grade`.

    Parameters
    ----------
    root : path-like
        Folder of the course.
    notebooks : dict of str to expand.Built
        By ``unit/notebook``.
    library : str
        Names the state of the library and of the data; the engine is looked at here.
    workers : int
        Notebooks that run at a time.
    seeds : sequence of int
        Seeds of the data that the checks make.
    use_cache : bool
        Leave out a notebook that got all its points before, where nothing has changed since.
    on_result : callable, optional
        Called with the number of notebooks that are done.

    Returns
    -------
    list of str
        What an author has to put right; empty when every solved notebook gets all its points.
    """
    submissions = {name: _submission(built) for name, built in notebooks.items()}
    digests = {name: _digest(each, library, seeds) for name, each in submissions.items()}
    todo = [
        name
        for name in sorted(submissions)
        if not use_cache or _remembered(root / CACHE / name) != digests[name]
    ]
    problems, done = [], len(submissions) - len(todo)
    for _, names in groupby(todo, key=lambda name: name.partition("/")[0]):
        unit = {name: submissions[name] for name in names}
        for name, complaints in _grade_unit(unit, workers, seeds):
            done += 1
            if on_result:
                on_result(done)
            problems += [f"{name}, solved and graded as a student's: {text}" for text in complaints]
            if not complaints:
                write_bytes(root / CACHE / name, digests[name].encode())
    return problems


def _submission(built):
    """Return the notebook without solutions, as an instructor has it, and the solved one."""
    solved = json.loads(json.dumps(built.notebook))
    skeleton = json.loads(json.dumps(built.notebook))
    for cell, (origin, _) in zip(skeleton["cells"], built.origins):
        if origin is not None and origin.kind == "exercise":
            cell["source"] = released(origin)
    return skeleton, solved


def _digest(submission, library, seeds):
    skeleton, solved = submission
    cells = code_cells(solved, skeleton)
    content = json.dumps([library, engine_digest(), cells, list(seeds)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _remembered(path):
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _grade_unit(submissions, workers, seeds):
    """Grade the notebooks of one unit; yields the name and the complaints of each."""
    modules = set().union(*(modules_in(skeleton) for skeleton, _ in submissions.values()))
    environment = {"WORKSHOP_SEEDS": ",".join(map(str, seeds))}

    def grade(name, skeleton, solved):
        unit = {"notebooks": {name: skeleton}, "modules": modules, "environment": environment}
        return execute(unit, {name: solved}, {})["notebooks"][name]

    pool = ThreadPoolExecutor(workers)  # each waits for the processes of its notebook
    try:
        running = {pool.submit(grade, name, *each): name for name, each in submissions.items()}
        for future in as_completed(running):
            name = running[future]
            yield name, list(_complaints(submissions[name][0], future.result()))
    finally:
        close_engines()
        pool.shutdown(cancel_futures=True)


def _complaints(skeleton, result):
    """Say what is not as it must be when a solved notebook is graded."""
    if result["problem"]:
        yield result["problem"]
    for cell in skeleton["cells"]:
        if not is_check(cell):
            continue
        name, most = grading_of(cell)["grade_id"], grading_of(cell)["points"]
        grade = result["grades"][name]
        if grade["points"] != most or grade["flags"]:
            said = [*grade["flags"], *_messages(grade)]
            yield f"{name} gets {grade['points']:g} of {most:g} points ({'; '.join(said)})"
        elif grade["label"] != VERIFIED and cell["metadata"]["workshop"]["transport"] == "plain":
            yield f"{name} is plain, but its points are {grade['label']}, not verified"


def _messages(grade):
    """Return what a grade says to people."""
    items = (grade["report"] or {}).get("items", ())
    return [text for text in (grade["problem"], *(item["message"] for item in items)) if text]
