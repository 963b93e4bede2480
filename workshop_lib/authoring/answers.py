"""Read the right and wrong answers that test the checks: ``tests/answers/<unit>/<notebook>.py``."""

import ast
from dataclasses import dataclass
from pathlib import Path

from workshop_lib.authoring.source import Problem

WRONG, RIGHT, HARDCODED = "wrong", "right", "hardcoded"
KINDS = (WRONG, RIGHT, HARDCODED)


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise.

    Attributes
    ----------
    exercise : str
    kind : str
        ``"wrong"``: must lose points and get the feedback of its misconception; ``"right"``: must
        get full marks; ``"hardcoded"``: knows the visible example only, must not get full marks.
    name : str
        The misconception of a wrong answer; a short description of the others.
    source : str
        Replaces the whole exercise cell.
    """

    exercise: str
    kind: str
    name: str
    source: str


def read_answers(path, root):
    """Read a file of answers.

    Parameters
    ----------
    path, root : path-like
        The file, and the folder of the course.

    Returns
    -------
    answers : list of Answer
    problems : list of Problem
    """
    import jupytext

    shown = Path(path).relative_to(root).as_posix()
    if not Path(path).is_file():
        return [], [Problem(shown, "", 1, "there are no answers yet; every exercise needs some")]
    answers, problems = [], []
    for number, cell in enumerate(jupytext.read(path, fmt="py:percent").cells, start=1):
        keys = {key: value for key, value in cell.metadata.items() if key in (*KINDS, "exercise")}
        kinds = [kind for kind in KINDS if kind in keys]
        if not keys:
            continue
        answer, problem = None, _problem(cell.source)
        if len(kinds) != 1 or "exercise" not in keys:
            problem = 'an answer has exercise="…" and one of wrong="…", right="…", hardcoded="…"'
        else:
            answer = Answer(keys["exercise"], kinds[0], keys[kinds[0]], cell.source)
            if any(_label(answer) == _label(other) for other in answers):
                problem = f"there are two {answer.kind} answers '{answer.name}'; name one otherwise"
        if problem:
            problems.append(Problem(shown, f"cell {number}", 1, problem))
        else:
            answers.append(answer)
    return answers, problems


def _label(answer):
    return answer.exercise, answer.kind, answer.name


def _problem(source):
    try:
        ast.parse(source)
    except SyntaxError as problem:
        return f"the answer does not parse: {problem.msg}, line {problem.lineno}"
    return None
