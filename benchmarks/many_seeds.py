"""Prove the checks on many further seeds: the solution always passes, a wrong answer never does.

    python benchmarks/many_seeds.py [UNIT or UNIT/NOTEBOOK] [--seeds 30] [--jobs 2] [--solutions]

Grading uses three seeds at a time, so the seeds 1001, 1002, … are taken in threes. Results are kept
by hash of answer, check and library, like those of `workshop verify`: a second run takes only what
has changed. `--solutions` leaves out wrong answers, which take most of the time. Exercises that
train networks get 5 seeds, for their cost.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from workshop_lib.authoring import verify
from workshop_lib.authoring.answers import RIGHT, WRONG

ROOT = Path(__file__).parents[1]
DEEP = {"03_frameworks/02_keras": 5, "03_frameworks/03_pytorch": 5}
FIRST = 1001


def main():
    """Run all groups of seeds and list what does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("unit", nargs="?")
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--solutions", action="store_true")
    options = parser.parse_args()
    trials, problems = verify.collect_trials(ROOT, options.unit)
    trials = [replace(trial, separate_job=None) for trial in trials]
    trials = [each for each in trials if is_solution(each) or is_wrong(each, options)]
    tried = 0
    for start in range(0, options.seeds, 3):
        chosen = [t for t in trials if start < DEEP.get(t.notebook, options.seeds)]
        seeds = tuple(range(FIRST + start, FIRST + min(start + 3, options.seeds)))
        results = verify.run_cached(ROOT, chosen, options.jobs, seeds, True, None)
        for trial in chosen:
            complaint = verify.complaint(trial, results[trial.job.key])
            if complaint and "must be told about" not in complaint:
                problems.append(f"seeds {seeds}, {trial.job.key}: {complaint}")
        tried += len(chosen)
        print(f"seeds {seeds}: {len(chosen)} answers, {len(problems)} problems", flush=True)
    print(*problems, sep="\n")
    print(f"{tried} runs of {len(trials)} answers, {len(problems)} problems")
    sys.exit(bool(problems))


def is_solution(trial):
    return trial.answer.kind == RIGHT and trial.answer.name == "the solution"


def is_wrong(trial, options):
    return trial.answer.kind == WRONG and not options.solutions


if __name__ == "__main__":
    main()
