"""Case ``benchmarks``: nine candidates for two tasks, measured once."""

STORY = (
    "Northwind Credit needs a reader for form digits and a filter for unhappy messages. Nine "
    "candidates from three frameworks were measured on one machine. The people who will use them "
    "have said what they need."
)
# own_mobile_export: the framework's own tool makes a file for phones. on_our_servers: the operators
# of Northwind Credit already run and patch it.
CAPABILITIES = {
    "scikit-learn": ["cpu_only", "on_our_servers"],
    "Keras": ["cpu_only", "own_mobile_export"],
    "PyTorch": ["cpu_only", "own_mobile_export"],
}
REQUIREMENTS = [
    {
        "case": "forms in the head office",
        "task": "digits",
        "min_accuracy": 0.90,
        "max_latency_ms": 5.0,
        "max_size_kb": 2000.0,
        "needs": ["cpu_only", "on_our_servers"],
    },
    {
        "case": "forms in a branch scanner",
        "task": "digits",
        "min_accuracy": 0.85,
        "max_latency_ms": 5.0,
        "max_size_kb": 20.0,
        "needs": ["cpu_only"],
    },
    {
        "case": "forms in a phone app",
        "task": "digits",
        "min_accuracy": 0.90,
        "max_latency_ms": 50.0,
        "max_size_kb": 500.0,
        "needs": ["own_mobile_export"],
    },
    {
        "case": "unhappy messages",
        "task": "messages",
        "min_accuracy": 0.95,
        "max_latency_ms": 20.0,
        "max_size_kb": 2000.0,
        "needs": ["cpu_only"],
    },
    {
        "case": "unhappy messages, on the servers of today",
        "task": "messages",
        "min_accuracy": 0.95,
        "max_latency_ms": 20.0,
        "max_size_kb": 2000.0,
        "needs": ["on_our_servers"],
    },
]


def build(seed):
    """Return the case; it is recorded, so every seed gives the same one.

    Parameters
    ----------
    seed : int
        Only stored.

    Returns
    -------
    Case
        Table ``benchmarks`` (task, candidate, framework; accuracy on test rows; fit_s, latency_ms
        of one row and import_s in CPU time; size_kb of the file of 1,024 bytes; n_params).
        Parameters ``capabilities`` (by framework: list of texts) and ``requirements`` (list of
        dictionaries with case, task, min_accuracy, max_latency_ms, max_size_kb, needs).

    Notes
    -----
    Source: ``benchmarks/record_frameworks.py``; see ``datasets/benchmarks.md``.

    Examples
    --------
    >>> build(0).benchmarks["task"].unique().tolist()
    ['digits', 'messages']
    """
    import pandas as pd

    from workshop_lib.cases import Case
    from workshop_lib.data.files import dataset_path

    return Case(
        "benchmarks",
        seed,
        STORY,
        tables={"benchmarks": pd.read_csv(dataset_path("benchmarks.csv"))},
        params={"capabilities": CAPABILITIES, "requirements": REQUIREMENTS},
    )
