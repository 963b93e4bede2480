"""Small notebooks for tests of grading, written as lists of cells."""


def given(source):
    """A cell that everybody may change."""
    return cell(source)


def locked(source, grade_id):
    """A given cell that nbgrader restores."""
    return cell(source, grade_id=grade_id, locked=True)


def answer(grade_id, source):
    """A cell in which students write."""
    return cell(source, grade_id=grade_id, solution=True)


def test(grade_id, source, points=1, **workshop):
    """A cell with tests; with exercise= and transport= one of our checks."""
    made = cell(source, grade_id=grade_id, grade=True, locked=True, points=points)
    if workshop:
        made["metadata"]["workshop"] = workshop
    return made


test.__test__ = False  # not for pytest


def cell(source, *, grade_id=None, grade=False, solution=False, locked=False, points=None):
    metadata = {}
    if grade_id:
        metadata["nbgrader"] = {
            **{"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3},
            **{"solution": solution, "task": False},
        }
        if points is not None:
            metadata["nbgrader"]["points"] = points
    kind = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**kind, "id": grade_id or f"c{abs(hash(source)) % 10**8}", "metadata": metadata,
            "source": source}  # fmt: skip


def notebook(*cells):
    """A notebook of format 4."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def with_answers(skeleton, **answers):
    """The notebook of a student who wrote these answers, by grade id."""
    cells = [
        {**each, "source": answers.get(each["metadata"].get("nbgrader", {}).get("grade_id"),
                                       each["source"])}
        for each in skeleton["cells"]
    ]  # fmt: skip
    return {**skeleton, "cells": cells}
