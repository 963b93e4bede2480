"""From the solution notebook to the one that learners get, with nbgrader's own preprocessors."""

import copy
from functools import lru_cache

TEXT_STUB = "Write your answer here."


@lru_cache(maxsize=1)
def _preprocessors():
    """Make the steps of ``nbgrader generate_assignment`` but the one that writes its database.

    The order is nbgrader's. A test compares the result with the real command, byte for byte.
    """
    from nbgrader import preprocessors as steps
    from traitlets.config import Config

    config = Config()
    config.ClearSolutions.code_stub = {"python": "..."}
    config.ClearSolutions.text_stub = TEXT_STUB
    order = (
        steps.LockCells,
        steps.ClearSolutions,
        steps.ClearOutput,
        steps.CheckCellMetadata,
        steps.ClearHiddenTests,
        steps.ClearMarkScheme,
        steps.ComputeChecksums,
        steps.CheckCellMetadata,
    )
    return [step(config=config, enabled=True) for step in order]


def release(notebook):
    """Make the learner's version of a solution notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    nbformat.NotebookNode
        A new notebook: no solutions, hidden tests or outputs; locked cells; checksums.
    """
    result, resources = copy.deepcopy(notebook), {}
    for step in _preprocessors():
        result, resources = step(result, resources)
    return result


def written_form(notebook):
    """Write a notebook as nbgrader does.

    Returns
    -------
    str
    """
    import nbformat

    text = nbformat.writes(notebook, version=4)
    return text if text.endswith("\n") else text + "\n"
