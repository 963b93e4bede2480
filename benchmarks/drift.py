"""Time PSI, Kolmogorov-Smirnov, streams and detectors: ours beside scipy loops, river and frouros.

CPU seconds, least of three runs, one thread, all on the same values. Answers are compared as far as
they mean the same. frouros needs older packages than ours: make an environment of its own and name
its Python, and the same part of this file runs there.

    python benchmarks/drift.py [--frouros /path/to/python]
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import resource
import subprocess
import sys
import timeit
from pathlib import Path
from time import process_time

import numpy as np

FEATURES, ROWS = 50, 100_000
BINS = 10
TARGETS = {"psi": 0.3, "ks": 0.9, "stream": 2.0}


def samples():
    rng = np.random.default_rng(0)
    shift = np.linspace(0, 0.3, FEATURES)
    return rng.normal(size=(ROWS, FEATURES)), rng.normal(size=(ROWS, FEATURES)) + shift


def seconds(work, repeat=3):
    return min(timeit.repeat(work, timer=process_time, number=1, repeat=repeat))


def frouros_part():
    """Run in the environment of frouros; print its seconds and answers as JSON."""
    from frouros.detectors.data_drift import PSI, KSTest

    old, new = samples()

    def answers(detector, field):
        values = []
        for column in range(FEATURES):
            detector.fit(X=old[:, column])
            result = detector.compare(X=new[:, column])[0]
            values.append(float(getattr(result, field)))
            detector.reset()
        return values

    psi = PSI(num_bins=BINS)
    print(
        json.dumps(
            {
                "psi": seconds(lambda: answers(psi, "distance")),
                "ks": seconds(lambda: answers(KSTest(), "statistic")),
                "ks_answers": answers(KSTest(), "statistic"),
            }
        )
    )


def run_frouros(python):
    command = [python, str(Path(__file__).resolve()), "--frouros-part"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def psi_with_scipy(old, new):
    """The same index as a plain loop over columns."""
    from scipy.stats import binned_statistic

    values = []
    for x, z in zip(old.T, new.T, strict=True):
        edges = np.quantile(x, np.linspace(0, 1, BINS + 1))
        edges[0], edges[-1] = min(x.min(), z.min()), max(x.max(), z.max())
        p, q = (
            np.maximum(binned_statistic(each, None, "count", bins=edges)[0] / ROWS, 1e-4)
            for each in (x, z)
        )
        values.append(((q - p) * np.log(q / p)).sum())
    return values


def print_row(what, ours, peers, note=""):
    shown = " | ".join("" if each is None else f"{each:.2f}" for each in peers)
    known = [each for each in peers if each is not None]
    ratio = f"{min(known) / ours:.1f}" if known else ""
    target = TARGETS.get(what.split()[0].lower())
    verdict = "" if target is None else f"{target} {'met' if ours <= target else 'MISSED'}"
    print(f"| {what} | {ours:.3f} | {shown} | {ratio} | {verdict} | {note} |", flush=True)


def main():
    import pandas as pd
    from river.drift import ADWIN
    from scipy.stats import ks_2samp

    from workshop_lib import drift

    frouros = run_frouros(sys.argv[2]) if sys.argv[1:2] == ["--frouros"] else {}
    print(
        "| what | ours, CPU s | scipy loop | river | frouros | best peer / ours | target | note |"
        "\n|---|---|---|---|---|---|---|---|"
    )
    old, new = samples()
    frames = [pd.DataFrame(each).add_prefix("x") for each in (old, new)]

    ours = seconds(lambda: drift.psi(*frames))
    np.testing.assert_allclose(drift.psi(*frames), psi_with_scipy(old, new), atol=1e-9)
    peer = seconds(lambda: psi_with_scipy(old, new))
    note = "scipy equal; frouros has equal-width bins"
    print_row(f"psi {FEATURES} x {ROWS}", ours, [peer, None, frouros.get("psi")], note)

    def ks_with_scipy():
        pairs = zip(old.T, new.T, strict=True)
        return np.array([ks_2samp(x, z, method="asymp") for x, z in pairs])

    ours = seconds(lambda: drift.ks(*frames))
    answers = drift.ks(*frames)
    np.testing.assert_allclose(answers["statistic"], ks_with_scipy()[:, 0], atol=1e-12)
    np.testing.assert_allclose(answers["p_value"], ks_with_scipy()[:, 1], atol=2e-5)
    if frouros:
        np.testing.assert_allclose(answers["statistic"], frouros["ks_answers"], atol=1e-12)
    peer = seconds(ks_with_scipy)
    print_row(
        f"ks {FEATURES} x {ROWS}",
        ours,
        [peer, None, frouros.get("ks")],
        "statistics equal, p within 2e-5",
    )

    for kind in ("none", "concept", ["covariate", "missing", "duplicates", "late_rows"]):
        ours = seconds(lambda: drift.stream(kind, days=100, per_day=10_000))  # noqa: B023
        name = kind if isinstance(kind, str) else "+".join(kind)
        print_row("stream 1e6 x 12", ours, [None] * 3, name)

    one = drift.stream("covariate", days=100, per_day=10_000, onset=50)
    values = one.rows["score"].tolist()

    def river_alone():
        detector = ADWIN()
        for value in values:
            detector.update(value)

    ours = seconds(lambda: drift.score_detector(ADWIN, one, value="score"))
    peer = seconds(river_alone)
    print_row("score_detector ADWIN 1e6", ours, [None, peer, None], "river's update() alone beside")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nLargest resident memory of the whole run: {peak:.0f} MB.")


if __name__ == "__main__":
    frouros_part() if "--frouros-part" in sys.argv else main()
