"""Running answers and checks away from the learner's notebook.

`replay` finds the cells that a check needs, `preloaded` is a clean process that imports once and
forks a child for every job, `runner` sends jobs to it.
"""
