"""Print how long the checks take on the solutions, and what one call of an answer costs.

The visible check is what a learner waits for (target: median at most 100 ms, worst at most 2 s);
the full check is what grading runs. Each runs as the first one of a process, as after a fresh
start; the quickest of three such runs counts. The seconds are CPU time: checks use one thread, so
this is what a learner waits for on a machine that does nothing else.

    python benchmarks/check_latency.py [UNIT]
"""

import functools
import multiprocessing
import os
import re
import statistics
import sys
import timeit
from time import process_time

from workshop_lib.execution import REPEATABLE

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
REPEATS = 3


def seconds_of(job, check, sending):
    """Run what the check needs, then the check, and send its seconds."""
    from workshop_lib.checks.calls import quiet
    from workshop_lib.grading.jobs import run_answer, run_cell

    with quiet():
        names = run_answer(job.answer_cells)
        for source in job.check_cells[:-1]:
            run_cell(source, names, "<needed>")
    sending.send(
        timeit.timeit(lambda: run_cell(check, names, "<check>"), timer=process_time, number=1)
    )


def in_own_process(job, check):
    """Return the least seconds of several fresh processes."""
    context = multiprocessing.get_context("fork")
    seconds = []
    for _ in range(REPEATS):
        receiving, sending = context.Pipe(duplex=False)
        process = context.Process(target=seconds_of, args=(job, check, sending))
        process.start()
        sending.close()
        seconds.append(receiving.recv())
        process.join()
    return min(seconds)


def print_call_times():
    """Measure `t.call` without the answer's own time."""
    from workshop_lib import data
    from workshop_lib.checks import check

    t = check("answer", {}, points=1, stub={"answer": "00000000"})
    table = data.credit_raw(n=3000, seed=0)
    for label, args in (("no argument", ()), ("a column", (table["age"],)), ("a table", (table,))):
        call = functools.partial(t.call, lambda *values: 1, *args)
        seconds = min(timeit.repeat(call, timer=process_time, number=10, repeat=5)) / 10
        print(f"t.call with {label} of 3000 rows: {1000 * seconds:.2f} ms")


def main():
    os.environ.update(REPEATABLE, MPLBACKEND="Agg")
    os.environ.pop("WORKSHOP_SEEDS", None)
    from workshop_lib.authoring.verify import collect_trials, preload_modules
    from workshop_lib.desk import course_root
    from workshop_lib.grading.zygote import import_all

    _, trials, _ = collect_trials(course_root(), *sys.argv[1:2])
    solutions = [trial for trial in trials if trial.answer.name == "the solution"]
    import_all(preload_modules([trial.job for trial in solutions]))
    print(f"{'exercise':45} {'visible':>9} {'full':>9}  seconds")
    rows = []
    for trial in solutions:
        full = trial.job.check_cells[-1]
        rows.append([in_own_process(trial.job, each) for each in (HIDDEN.sub("", full), full)])
        name = f"{trial.notebook.split('/')[1]} {trial.answer.exercise}"
        print(f"{name:45} {rows[-1][0]:9.3f} {rows[-1][1]:9.3f}")
    for label, measure in (("median", statistics.median), ("worst", max)):
        print(f"{label:45} " + " ".join(f"{measure(column):9.3f}" for column in zip(*rows)))
    print_call_times()


if __name__ == "__main__":
    main()
