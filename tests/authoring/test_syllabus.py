from pathlib import Path

from workshop_lib.authoring import coverage
from workshop_lib.authoring.build import read_sources
from workshop_lib.authoring.syllabus import load

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_every_objective_of_the_course_is_in_the_table():
    lines = (HERE / "objective_ids.txt").read_text().splitlines()
    expected = {line.split()[0]: [*line.split(), None][1] for line in lines}
    objectives = load(ROOT).objectives
    assert {id_: each.alias_of for id_, each in objectives.items()} == expected
    assert all(each.title and each.seed for each in objectives.values())


def test_every_objective_belongs_to_one_notebook_and_aliases_to_none():
    syllabus = load(ROOT)
    named = [id_ for row in syllabus.notebooks() for id_ in row.objectives]
    own = [each.id for each in syllabus.objectives.values() if not each.alias_of]
    assert sorted(named) == sorted(own)
    assert len(syllabus.notebooks()) == 62


def test_coverage_has_a_line_for_every_id(sources):
    syllabus = load(sources)
    found, _ = read_sources(sources, syllabus)
    assert coverage.objective_lines(syllabus, found) == [
        "W.5.5  01_small/01_first: clean_age (2 points)",
        "W.7.1  01_small/01_first: accuracy (1 point)",
        "W.1.7  see W.7.1: 01_small/01_first: accuracy (1 point)",
    ]
    assert coverage.point_lines(syllabus, found) == [
        "01_small: 5 points",
        "  01_small/01_first: 3 + 2 written",
        "  01_small/02_later: 0",
    ]


def test_coverage_says_what_is_missing(sources):
    (sources / "solutions" / "01_small" / "01_first.py").unlink()
    (sources / "solutions" / "01_small" / "02_later.py").unlink()
    syllabus = load(sources)
    assert coverage.objective_lines(syllabus, {}) == [
        "W.5.5  missing",
        "W.7.1  missing",
        "W.1.7  see W.7.1: missing",
    ]
    assert "| First steps | 10 | not yet written | W.5.5, W.7.1 |" in coverage.course_table(
        syllabus, {}
    )
