"""Hand in all answers that test the checks, and compare our points with those of stock nbgrader.

    python benchmarks/same_scores.py [UNIT | UNIT/NOTEBOOK ...] [--every N] [--warm]

Every unit takes some minutes, because stock nbgrader starts a kernel for each notebook; `--warm`
forks these kernels from a process that has imported already. The exit code is 1 when points differ.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from workshop_lib.authoring.comparison import compare
from workshop_lib.grading.execute import close_engines

ROOT = Path(__file__).parents[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("units", nargs="*", help="all when none is given")
    parser.add_argument("--every", type=int, default=1, help="only each of so many students")
    parser.add_argument("--warm", action="store_true", help="fork the kernels of stock nbgrader")
    options = parser.parse_args()
    built = sorted({path.parent.name for path in ROOT.glob("solutions/*/*.ipynb")})
    compared = different = 0
    for name in options.units or built:
        unit, _, notebook = name.partition("/")
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            chosen = {notebook} if notebook else None
            both = compare(
                ROOT, folder, unit, notebooks=chosen, every=options.every, warm=options.warm
            )
        close_engines()
        compared += len(both.items)
        different += len(both.differences)
        print(
            f"{name}: {both.answers} answers, {len(both.items)} items, "
            f"{len(both.differences)} differ, {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        for key, (stock, ours) in both.differences.items():
            print(f"    {'/'.join(key)}: nbgrader {stock}, ours {ours}", flush=True)
    print(f"{compared} items compared, {different} differ.")
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main())
