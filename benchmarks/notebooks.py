"""Run every solved notebook and write what it needs into ``docs/notebook_limits.md``.

Run ``python benchmarks/notebooks.py`` on a quiet machine with two cores. Each notebook starts a
kernel of its own, as for a learner. The exit status is 1 when one is over a limit or fails.
"""

import os
import platform
import sys
import tempfile
from datetime import date

from course import ROOT, cost

MOST_SECONDS, MOST_MEGABYTES = 45, 1500
PAGE = ROOT / "docs" / "notebook_limits.md"
HEAD = f"""# What a notebook needs

Run All of each solved notebook, start of the kernel included. The limits of the course are
{MOST_SECONDS} seconds on two cores and {MOST_MEGABYTES:,} MB, so that Binder and small computers
are enough. Memory is that of the largest process. Written by `benchmarks/notebooks.py` on
{{when:%-d %B %Y}}: Linux, {{cores}} cores, Python {{python}}.

| notebook | seconds | CPU-seconds | memory in MB |
|---|---|---|---|
"""


def main():
    """Measure all notebooks and write the page."""
    rows, good = [], True
    with tempfile.TemporaryDirectory() as folder:
        run = ("nbconvert", "--to", "notebook", "--execute", "--output-dir", folder)
        for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
            wall, cpu, memory, status = cost(*run, str(path))
            good &= status == 0 and wall < MOST_SECONDS and memory < MOST_MEGABYTES
            name = f"{path.parent.name}/{path.stem}"
            rows.append(f"| {name} | {wall:.0f} | {cpu:.0f} | {memory:.0f} |\n")
            print(rows[-1], end="", flush=True)
    about = {"when": date.today(), "cores": os.cpu_count(), "python": platform.python_version()}
    PAGE.write_text(HEAD.format(**about) + "".join(rows), encoding="utf-8")
    sys.exit(not good)


if __name__ == "__main__":
    main()
