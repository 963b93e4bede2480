"""Say in plain sentences what had to be repaired in a student's notebook."""

from workshop_lib.cells import grading_of, is_answer, source_of
from workshop_lib.grading.matching import grade_id_of, is_locked, text_given
from workshop_lib.grading.submitted_notebook import counted


def describe(ours, own, matching, released):
    """Say what was repaired, in an order that repeats."""
    lost = [cell for place, cell in enumerate(ours) if place not in matching.taken]
    pairs = [(ours[place], own[index]) for place, index in sorted(matching.taken.items())]
    graded = [(cell, theirs) for cell, theirs in pairs if grading_of(cell)]
    given = [cell for cell in lost if not grading_of(cell) and cell["cell_type"] == "code"]
    told = (
        ("Answers that are missing count as empty", map(grade_id_of, filter(is_answer, lost))),
        ("Locked cells that were missing were put back", map(grade_id_of, filter(is_locked, lost))),
        ("Cells that stood several times; the last changed one counts", matching.repeated),
        ("Answers without their mark were found by place or name", matching.adopted),
        ("Locked cells that were changed; ours were used", _changed_locks(pairs, released)),
        ("Cells of another kind were set right", _names(graded, _has_other_kind)),
        ("Tags were removed from", _names(graded, _has_other_tags)),
        ("Grading marks were set right in", _names(graded, _has_other_marks)),
        ("Cells were put back into their order", _moved(ours, matching)),
    )
    said = [f"{text}: {', '.join(names)}." for text, names in _listed(told)]
    if given:
        said.append(f"{counted(len(given), 'given code cell')} put back.")
    return said


def _listed(told):
    for text, names in told:
        names = [name for name in names if name]
        if names:
            yield text, names


def _names(pairs, differs):
    return [grade_id_of(cell) for cell, theirs in pairs if differs(cell, theirs)]


def _changed_locks(pairs, released):
    locked = [(cell, theirs) for cell, theirs in pairs if is_locked(cell)]
    return [
        grade_id_of(cell)
        for cell, theirs in locked
        if theirs["source"].strip()
        not in (source_of(cell).strip(), text_given(cell, released).strip())
    ]


def _has_other_kind(cell, theirs):
    return cell["cell_type"] != theirs["cell_type"]


def _has_other_tags(cell, theirs):
    return bool(set(theirs["tags"]) - set(cell["metadata"].get("tags", [])))


def _has_other_marks(cell, theirs):
    ours, other = grading_of(cell), grading_of(theirs)
    names = ("schema_version", "grade", "solution", "locked", "task", "points")
    return bool(other) and any(name in other and other[name] != ours.get(name) for name in names)


def _moved(ours, matching):
    """Name the graded cells that stand before one which they should follow."""
    moved, furthest = [], -1
    for place in sorted(matching.taken):
        if matching.taken[place] < furthest:
            moved.append(grade_id_of(ours[place]))
        furthest = max(furthest, matching.taken[place])
    return moved
