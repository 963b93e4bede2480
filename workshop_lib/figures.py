"""One colour-blind-safe figure style, and figures that carry an alt text."""

import sys

from workshop_lib.options import whole_number

MINIMUM_ALT_LENGTH = 20
_SAVED_DPI = 144
_CSS_PIXELS_PER_INCH = 96

# Okabe and Ito's palette, the colours with most contrast on white first; yellow is left out
# because it is hard to see on white. Line styles differ too, so that colour never stands alone.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
_TEXT_COLOUR = "#1a1a1a"


def style():
    """Use the course's figure style from here on.

    The figure background is white and the text dark, so that a figure is legible in light and
    dark themes. Settings of an earlier style or of the user's own ``matplotlibrc`` are dropped,
    so that a figure looks the same on every machine.

    Notes
    -----
    Colours: Okabe and Ito, "Color Universal Design" (https://jfly.uni-koeln.de/color/).

    Examples
    --------
    >>> import matplotlib
    >>> style()
    >>> matplotlib.rcParams["figure.facecolor"], matplotlib.rcParams["font.size"]
    ('white', 12.0)
    """
    import matplotlib.pyplot as plt
    from cycler import cycler

    plt.style.use(
        [
            "default",
            {
                "axes.prop_cycle": cycler(color=_COLOURS) + cycler(linestyle=_LINE_STYLES),
                "axes.edgecolor": _TEXT_COLOUR,
                "axes.facecolor": "white",
                "axes.grid": True,
                "axes.axisbelow": True,
                "axes.labelcolor": _TEXT_COLOUR,
                "axes.labelsize": 12,
                "axes.spines.right": False,
                "axes.spines.top": False,
                "axes.titlecolor": _TEXT_COLOUR,
                "axes.titlelocation": "left",
                "axes.titlesize": 14,
                "figure.dpi": _CSS_PIXELS_PER_INCH,
                "figure.facecolor": "white",
                "figure.figsize": (7.0, 4.0),
                "figure.constrained_layout.use": True,
                "font.family": "DejaVu Sans",
                "font.size": 12,
                "grid.color": "#d9d9d9",
                "image.cmap": "viridis",
                "legend.fontsize": 11,
                "legend.handlelength": 3,
                "lines.linewidth": 2,
                "savefig.dpi": _SAVED_DPI,
                "savefig.facecolor": "white",
                "svg.hashsalt": "workshop",
                "text.color": _TEXT_COLOUR,
                "xtick.color": _TEXT_COLOUR,
                "xtick.labelsize": 11,
                "ytick.color": _TEXT_COLOUR,
                "ytick.labelsize": 11,
            },
        ]
    )


def show(fig, *, alt):
    """Display a figure with its alt text, then close the figure.

    In a notebook the figure is an HTML ``<img>``: this is the form whose alt text reaches the
    page in JupyterLab as well as in nbconvert. The plain text of the output is the alt text.
    Outside a notebook the alt text is printed.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure to display.
    alt : str
        What is seen in the figure, for a reader who cannot see it: at least 20 characters.

    Raises
    ------
    ValueError
        If `alt` has fewer than 20 characters.
    TypeError
        If `fig` is not a figure, for example an ``Axes``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> _ = ax.bar(["east", "west"], [3, 5])
    >>> show(fig, alt="Bar chart: 3 loans in branch east, 5 in branch west.")
    Bar chart: 3 loans in branch east, 5 in branch west.
    """
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    if not isinstance(fig, Figure):
        raise TypeError(f"show needs a Figure, got {type(fig).__name__}; for an Axes use ax.figure")
    alt = " ".join(str(alt).split())
    if len(alt) < MINIMUM_ALT_LENGTH:
        raise ValueError(
            f"the alt text {alt!r} has {len(alt)} characters, it needs at least "
            f"{MINIMUM_ALT_LENGTH}; write what a reader sees in the figure"
        )
    if in_ipython():
        from IPython.display import display

        display(_Picture(_png(fig), alt))
    else:
        print(alt)
    plt.close(fig)


def icon_array(k, n, *, columns=10, ax=None):
    """Draw a share as people: `n` circles of which `k` are filled.

    "5 of 100" is easier to judge when the 95 others are seen as well. The circles fill row by row
    from the top left. Filled and empty circles differ without colour, too.

    Parameters
    ----------
    k : int
        How many circles are filled, 0 to `n`.
    n : int
        How many circles there are, 1 to 1,000.
    columns : int, default=10
        How many circles stand in one row, at least 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it. Its ticks and frame are removed.

    Returns
    -------
    matplotlib.axes.Axes
        Its collection holds the circles in order; ``show`` takes its ``figure``.

    Raises
    ------
    ValueError
        If `k`, `n` or `columns` is not a whole number, or outside its range.

    Examples
    --------
    >>> ax = icon_array(5, 100)
    >>> _ = ax.set_title("refused although they would repay")
    >>> show(ax.figure, alt="100 circles, 5 of them filled: 5 of 100 are refused wrongly.")
    100 circles, 5 of them filled: 5 of 100 are refused wrongly.
    """
    n = whole_number("n", n, 1, 1000)
    k = whole_number("k", k, 0, n)
    columns = whole_number("columns", columns, 1, 1000)
    import matplotlib.pyplot as plt
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle

    columns = min(columns, n)
    rows = -(-n // columns)
    if ax is None:
        _, ax = plt.subplots(figsize=(0.3 * columns + 0.5, 0.3 * rows + 0.5))
    circles = [Circle((place % columns, place // columns), 0.38) for place in range(n)]
    fills = [_COLOURS[0]] * k + ["white"] * (n - k)
    edges = [_COLOURS[0]] * k + ["#6b6b6b"] * (n - k)
    ax.add_collection(PatchCollection(circles, facecolors=fills, edgecolors=edges, linewidths=1))
    ax.set(
        xlim=(-0.6, columns - 0.4), ylim=(rows - 0.4, -0.6), aspect="equal", xticks=[], yticks=[]
    )
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


def in_ipython():
    """Return True in a notebook or an IPython shell.

    Examples
    --------
    >>> in_ipython()
    False
    """
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


class _Picture:
    """A PNG image that IPython shows as HTML, or as its alt text where there is no HTML."""

    def __init__(self, png, alt):
        self.png = png
        self.alt = alt

    def __repr__(self):
        return self.alt

    def _repr_html_(self):
        import base64
        import html

        # Bytes 16 to 19 of a PNG file hold its width in pixels.
        width = int.from_bytes(self.png[16:20], "big") * _CSS_PIXELS_PER_INCH // _SAVED_DPI
        data = base64.b64encode(self.png).decode("ascii")
        alt = html.escape(self.alt, quote=True)
        return f'<img alt="{alt}" width="{width}" src="data:image/png;base64,{data}">'


def _png(fig):
    import io

    # The style's layout warns on stderr where all axes are placed by hand: nothing to lay out.
    if not any(ax.get_subplotspec() for ax in fig.axes):
        fig.set_layout_engine("none")
    buffer = io.BytesIO()
    # Without the Software entry the bytes do not name the version of matplotlib.
    fig.savefig(
        buffer,
        format="png",
        dpi=_SAVED_DPI,
        facecolor="white",
        bbox_inches="tight",
        metadata={"Software": None},
    )
    return buffer.getvalue()
