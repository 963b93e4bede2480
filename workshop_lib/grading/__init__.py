"""Running answers and checks away from the learner's notebook.

`replay` finds the cells that a check needs, `zygote` is a clean process that imports once and forks
a child for every piece of work. An author's answers run through `runner` and `jobs`. A class is
graded by `execute`: each student's notebook runs in a `student` process, which `isolation` shuts
off, while a `verifier` process runs our checks, asks that process for values and calls, and turns
what comes back into `points`. `coordinator` does that for a class, from the folder of submissions
(`submission`, `rebuilding`) to the `gradebook`; `report`, `feedback`, `export` and `similarity`
read what it leaves.
"""

VERIFIED, IN_PROCESS, NOT_RUN = "verified", "in-process", "none"
"""Labels of points: computed in our process, beside the student's code, or not at all."""
