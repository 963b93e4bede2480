"""Prove the checks on many further seeds: the solution always passes, a wrong answer never does.

    python benchmarks/many_seeds.py [UNIT | UNIT/NOTEBOOK ...] [--exercises NAME ...]
        [--seeds 30] [--jobs 2] [--solutions]

Grading uses three seeds at a time, so the seeds 1001, 1002, … are taken in threes, all of them by
one process for each answer, which runs the cells before the check only once. Results are kept by
hash of answer, check and library, like those of `workshop verify`: a second run takes only what has
changed. `--exercises` takes only these, `--solutions` leaves out wrong answers, which take most of
the time. Exercises that train networks get 5 seeds, for their cost.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from workshop_lib.authoring import verify
from workshop_lib.authoring.answers import RIGHT, WRONG
from workshop_lib.execution import GRADING_SEEDS

ROOT = Path(__file__).parents[1]
DEEP = {"03_frameworks/02_keras": 5, "03_frameworks/03_pytorch": 5}
FIRST = 1001
LONGEST_SECONDS = 1800
ONE_AFTER_ANOTHER = """
def _one_after_another(check, groups, choose):
    import os
    import types

    from workshop_lib.grading.jobs import run_cell

    reports = []
    for group in groups:
        os.environ["WORKSHOP_SEEDS"] = group
        reports.append({{**run_cell(check, globals(), "<check>").to_dict(), "seeds": group}})
    chosen = choose(reports, key=lambda report: report["points"])
    return types.SimpleNamespace(to_dict=lambda: chosen)


_one_after_another({check!r}, {groups!r}, {choose})
"""
"""A cell that runs a check with one group of seeds after another and chooses one report."""


def main():
    """Run every unit, or those that are named, and list what does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("units", nargs="*", default=[None])
    parser.add_argument("--exercises", nargs="+")
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--solutions", action="store_true")
    options = parser.parse_args()
    tried, problems = 0, []
    for unit in options.units:
        count, found = prove(unit, options)
        print(f"{unit or 'the course'}: {count} answers, {len(found)} problems", flush=True)
        print(*found, sep="\n", end="\n" if found else "", flush=True)
        tried, problems = tried + count, problems + found
    if not tried:
        sys.exit(f"None of these exercises is there: {', '.join(options.exercises)}.")
    print(f"{tried} answers on {options.seeds} seeds, {len(problems)} problems")
    sys.exit(bool(problems))


def prove(unit, options):
    """Run the answers of a unit on all seeds; return their number and what does not hold."""
    _, trials, problems = verify.collect_trials(ROOT, unit)
    if not trials:
        sys.exit(f"There is no source for {unit!r} in solutions/; name a unit or unit/notebook.")
    chosen = [
        with_many_seeds(trial, options.seeds)
        for trial in trials
        if options.exercises is None or trial.answer.exercise in options.exercises
        if is_solution(trial) or (is_wrong(trial) and not options.solutions)
    ]
    results = verify.run_cached(ROOT, chosen, options.jobs, GRADING_SEEDS, True, None)
    for trial in chosen:
        result = results[trial.job.key]
        complaint = verify.complaint(trial, result)
        # Which wrong idea is named may depend on the data; that points are lost may not.
        if complaint and "must be told about" not in complaint:
            seeds = result["report"] and result["report"]["seeds"]
            problems.append(f"{trial.job.key}, seeds {seeds}: {complaint}")
    return len(chosen), problems


def with_many_seeds(trial, count):
    """Let the trial's job keep the report of the seeds that speak most against its check."""
    count = min(count, DEEP.get(trial.notebook, count))
    seeds = [str(FIRST + number) for number in range(count)]
    *before, check = trial.job.check_cells
    repeated = ONE_AFTER_ANOTHER.format(
        check=check,
        groups=[",".join(seeds[start : start + 3]) for start in range(0, count, 3)],
        choose="min" if is_solution(trial) else "max",
    )
    job = replace(trial.job, check_cells=(*before, repeated), seconds=LONGEST_SECONDS)
    return replace(trial, job=job, separate_job=None)


def is_solution(trial):
    return trial.answer.kind == RIGHT and trial.answer.name == "the solution"


def is_wrong(trial):
    return trial.answer.kind == WRONG


if __name__ == "__main__":
    main()
