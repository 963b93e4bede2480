"""Time rates by group with bootstrap intervals: fairlearn's MetricFrame beside `metrics.by_group`.

Both get the same rows and the same number of resamples, in one process. CPU seconds; ours is the
least of five runs. The answers are compared: point values, and the largest distance of two
interval ends in standard errors of such an end (below 6 for the 100 ends).

    python benchmarks/metrics.py [ROWS RESAMPLES ...]      default: 2000 100 20000 20
"""

import functools
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import timeit
from time import process_time

import numpy as np
from fairlearn.metrics import (
    MetricFrame,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sklearn.metrics import accuracy_score, precision_score

from workshop_lib.metrics import RATES, by_group

FUNCTIONS = (
    selection_rate,
    true_positive_rate,
    false_positive_rate,
    accuracy_score,
    precision_score,
)
GROUPS = np.array(list("abcdefghij"))
LEVEL = 0.95
TARGET = 100


def rows_of(n):
    rng = np.random.default_rng(0)
    group = rng.choice(GROUPS, n)
    y = rng.integers(0, 2, n)
    pred = (rng.random(n) < 0.3 + 0.4 * y).astype(int)
    return y, pred, group


def fairlearn_frame(y, pred, group, resamples):
    return MetricFrame(
        metrics=dict(zip(RATES, FUNCTIONS, strict=True)),
        y_true=y,
        y_pred=pred,
        sensitive_features=group,
        n_boot=resamples,
        ci_quantiles=[(1 - LEVEL) / 2, (1 + LEVEL) / 2],
        random_state=1,
    )


def distance_of_ends(frame, table, resamples):
    """Return the largest distance of two ends, in standard errors of their difference."""
    # An interval of the normal law is 3.92 standard deviations wide; an end that is a percentile of
    # B draws has a standard error of sqrt(p (1 - p) / B) / density = 2.67 deviations / sqrt(B).
    worst = 0
    for side, ends in zip(("low", "high"), frame.by_group_ci, strict=True):
        for rate in RATES:
            width = (table[f"{rate}_high"] - table[f"{rate}_low"]) / 3.92
            error = 2.67 * width * np.sqrt(2 / resamples)
            gap = (ends[rate] - table[f"{rate}_{side}"]).abs()
            worst = max(worst, (gap / error).max())
    return worst


def main():
    sizes = [int(each) for each in sys.argv[1:]] or [2000, 100, 20_000, 20]
    print("| rows | resamples | MetricFrame s | by_group s | ratio | points equal | ends apart |")
    print("|---|---|---|---|---|---|---|")
    for n, resamples in zip(sizes[::2], sizes[1::2], strict=True):
        y, pred, group = rows_of(n)
        start = process_time()
        frame = fairlearn_frame(y, pred, group, resamples)
        theirs = process_time() - start
        ours = functools.partial(by_group, y, pred, group, n_boot=resamples, level=LEVEL)
        seconds = min(timeit.repeat(ours, timer=process_time, number=1, repeat=5))
        table = ours()
        equal = np.allclose(table[list(RATES)], frame.by_group[list(RATES)], rtol=1e-12)
        apart = distance_of_ends(frame, table, resamples)
        print(
            f"| {n} | {resamples} | {theirs:.1f} | {seconds:.4f} | {theirs / seconds:.0f} "
            f"| {equal} | {apart:.1f} s.e. |"
        )
        assert equal, "The point values differ."
        assert apart < 6, "The interval ends differ by more than chance."
        if theirs < TARGET * seconds:
            print(f"Below the target of {TARGET} times.")


if __name__ == "__main__":
    main()
