"""Pictures of streams and of detectors' scores, with alt text."""

import numpy as np
import pandas as pd

from workshop_lib.drift.streams import Stream

_MOST_PANELS = 6


def plot_stream(stream, *, columns=None):
    """Show some columns of a stream day by day, and the day of the change.

    Numbers are shown by their daily median, with a band from the 10 % to the 90 % point; text by
    the daily share of each value; y and score by their daily mean. Where values are missing, a
    second line shows their daily share, on the scale at the right.

    Parameters
    ----------
    stream : Stream
        What to show.
    columns : list of str, optional
        Columns of ``stream.rows``, at most 6. By default those that are hit, score and y.

    Raises
    ------
    ValueError
        If it is no stream, or there is no such column, or too many or none are named.

    Examples
    --------
    >>> from workshop_lib import drift
    >>> drift.plot_stream(drift.stream("missing", per_day=50), columns=["f01"])
    Daily values of f01 over 60 days; a dashed line marks the change (missing) on day 30.
    """
    from matplotlib import pyplot as plt

    from workshop_lib import figures

    if not isinstance(stream, Stream):
        raise ValueError(f"stream is {type(stream).__name__}; expected a Stream.")
    rows, truth = stream.rows, stream.truth
    if columns is None:
        hit = [name for name in truth["columns"] if name in rows and name not in ("score", "y")]
        columns = [*hit[: _MOST_PANELS - 2], "score", "y"]
    columns = [columns] if isinstance(columns, str) else list(columns)
    unknown = [name for name in columns if name not in rows]
    if unknown:
        raise ValueError(f"There is no column {unknown[0]!r}; choose from {[*rows]}.")
    if not 1 <= len(columns) <= _MOST_PANELS:
        raise ValueError(f"{len(columns)} columns are named; expected 1 to {_MOST_PANELS}.")
    fig, axes = plt.subplots(
        len(columns), squeeze=False, sharex=True, figsize=(7, 0.8 + 1.7 * len(columns))
    )
    by_day = rows.groupby("day")
    for ax, name in zip(axes[:, 0], columns, strict=True):
        _draw_column(ax, by_day[name], name)
        for part in truth["parts"]:
            ax.axvline(part["onset"], color="black", linestyle="--", linewidth=1.2)
    changes = ", ".join(f"{part['kind']} from day {part['onset']}" for part in truth["parts"])
    fig.suptitle(changes or "no change", x=0.02, ha="left", fontsize=12)
    axes[-1, 0].set_xlabel("day")
    figures.show(fig, alt=_alt_of_stream(truth, columns, by_day.ngroups))


def plot_scores(table):
    """Show the delay and the false alarms of a detector, one line per stream.

    Parameters
    ----------
    table : pandas.DataFrame
        Result of `score_detector`.

    Raises
    ------
    ValueError
        If it is no such table, or it has no row.

    Examples
    --------
    >>> from workshop_lib import drift
    >>> streams = {kind: drift.stream(kind, per_day=50) for kind in ("none", "covariate")}
    >>> drift.plot_scores(drift.score_detector(lambda rows: 31, streams))
    Delay and false alarms of a detector on 2 streams: 1 of 1 changes found, delay 1 to 1, false \
alarms in 1 stream.
    """
    from matplotlib import pyplot as plt

    from workshop_lib import figures

    needed = ["delay", "missed", "false_per_1000_rows", "false_alarms"]
    if not isinstance(table, pd.DataFrame) or not {*needed} <= {*table} or not len(table):
        raise ValueError(f"Expected the table of score_detector, with rows and columns {needed}.")
    fig, (left, right) = plt.subplots(1, 2, sharey=True, figsize=(7, 1.4 + 0.34 * len(table)))
    places = np.arange(len(table))[::-1]
    delay = table["delay"].to_numpy(float)
    missed = table["missed"].fillna(False).to_numpy(bool)
    quiet = table["missed"].isna().to_numpy()
    found = ~missed & ~quiet
    left.plot(delay[found], places[found], "o", label="found")
    at_end = np.nanmax(delay, initial=1) * 1.1
    left.plot(np.full(missed.sum(), at_end), places[missed], "x", markersize=9, label="missed")
    left.set(xlabel="delay after the change", xlim=(-0.06 * at_end, 1.12 * at_end))
    left.set_yticks(places, [str(name) for name in table.index])
    left.set_ylim(-0.7, len(table) - 0.3)
    for place in places[quiet]:
        left.annotate("no change", (0, place), va="center", fontsize=10)
    rate = table["false_per_1000_rows"].to_numpy(float)
    right.plot(rate, places, "s")
    most = np.nanmax(rate, initial=0) or 1
    right.set(xlabel="false alarms per 1,000 rows", xlim=(-0.06 * most, 1.12 * most))
    fig.legend(*left.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    delays = f", delay {delay[found].min():.3g} to {delay[found].max():.3g}" if found.any() else ""
    noisy = int((table["false_alarms"] > 0).sum())
    figures.show(
        fig,
        alt=f"Delay and false alarms of a detector on {len(table)} streams: {found.sum()} of "
        f"{(~quiet).sum()} changes found{delays}, false alarms in {noisy} "
        f"stream{'' if noisy == 1 else 's'}.",
    )


def _draw_column(ax, column, name):
    ax.set_title(name, fontsize=12)
    first = next(iter(column))[1]
    if not pd.api.types.is_numeric_dtype(first):
        shares = column.value_counts(normalize=True).unstack(fill_value=0)
        for value in shares:
            ax.plot(shares.index, shares[value], label=str(value))
        ax.set_ylabel("share")
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    elif name in ("score", "y"):
        mean = column.mean()
        ax.plot(mean.index, mean)
        ax.set_ylabel("mean")
    else:
        low, middle, high = (column.quantile(share) for share in (0.1, 0.5, 0.9))
        ax.plot(middle.index, middle)
        ax.fill_between(middle.index, low, high, alpha=0.25, linewidth=0)
        ax.set_ylabel("median")
    missing = column.apply(lambda values: values.isna().mean())
    if missing.max() > 0:
        beside = ax.twinx()
        beside.plot(missing.index, missing, color="#D55E00", linestyle="-.")
        beside.set(ylabel="-.- missing", ylim=(0, 1))
        beside.spines["right"].set_visible(True)
        beside.grid(False)


def _alt_of_stream(truth, columns, days):
    named = columns[0] if len(columns) == 1 else f"{', '.join(columns[:-1])} and {columns[-1]}"
    changes = " and ".join(f"({each['kind']}) on day {each['onset']}" for each in truth["parts"])
    if not changes:
        return f"Daily values of {named} over {days} days; nothing changes in this stream."
    lines = "a dashed line marks" if len(truth["parts"]) == 1 else "dashed lines mark"
    return f"Daily values of {named} over {days} days; {lines} the change {changes}."
