"""Print the CPU time of ``import workshop_lib`` on top of Python itself (target: at most 50 ms)."""

import statistics
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

REPEATS = 20


def cpu_ms(code):
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main():
    cpu_ms("import workshop_lib")  # the first run writes the byte code
    # The two alternate, so that a change of the machine's speed meets both.
    pairs = [(cpu_ms("pass"), cpu_ms("import workshop_lib")) for _ in range(REPEATS)]
    bare = statistics.median(bare for bare, _ in pairs)
    extra = statistics.median(full - bare for bare, full in pairs)
    print(f"bare Python {bare:.1f} ms, import workshop_lib +{extra:.1f} ms CPU (target 50 ms)")


if __name__ == "__main__":
    main()
