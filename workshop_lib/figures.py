"""One colour-blind-safe figure style, and figures that carry an alt text."""

import sys

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
