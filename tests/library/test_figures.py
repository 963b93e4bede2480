"""Figures carry their alt text, are deterministic and are closed."""

import doctest
import re
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from workshop_lib import figures

ALT = "Bar chart: 3 loans in branch east, 5 in branch west."


@pytest.fixture(autouse=True)
def course_style():
    figures.style()
    yield
    plt.close("all")
    plt.rcdefaults()


@pytest.fixture
def ipython():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def bars():
    fig, ax = plt.subplots()
    ax.bar(["east", "west"], [3, 5])
    return fig


def shown_data(alt):
    with capture_output() as captured:
        figures.show(bars(), alt=alt)
    assert captured.stderr == ""
    (output,) = captured.outputs
    return output.data


def contrast_on_white(colour):
    """Contrast ratio as WCAG 2.2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in matplotlib.colors.to_rgb(colour)
    ]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_documented_examples():
    assert doctest.testmod(figures).failed == 0


def test_style_forgets_earlier_settings():
    plt.rcParams["lines.marker"] = "x"
    figures.style()
    assert plt.rcParams["lines.marker"] == "None"
    assert plt.rcParams["figure.facecolor"] == "white"


def test_text_is_readable_on_white():
    for name in ("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color"):
        assert contrast_on_white(plt.rcParams[name]) >= 4.5, name


def test_lines_differ_in_style_not_only_in_colour():
    cycle = plt.rcParams["axes.prop_cycle"].by_key()
    assert len(set(cycle["color"])) == len(set(cycle["linestyle"])) == len(cycle["color"])


def test_notebook_output_is_an_image_with_alt_text(ipython):
    data = shown_data(ALT)
    assert data["text/plain"] == ALT
    assert data["text/html"].startswith(f'<img alt="{ALT}"')
    assert set(data) == {"text/plain", "text/html"}


def test_alt_text_is_escaped_and_on_one_line(ipython):
    data = shown_data('The "east" branch is <above>\n the west branch & grows')
    assert (
        'alt="The &quot;east&quot; branch is &lt;above&gt; the west branch &amp;'
        in data["text/html"]
    )
    assert "\n" not in data["text/plain"]


def test_width_on_the_page_is_the_width_in_inches(ipython):
    fig = plt.figure(figsize=(5, 2))
    fig.add_axes((0, 0, 1, 1))
    width = int.from_bytes(figures._png(fig)[16:20], "big") / 144
    html = figures._Picture(figures._png(fig), ALT)._repr_html_()
    assert f'width="{int(width * 96)}"' in html


def test_the_same_figure_gives_the_same_bytes():
    code = (
        "import matplotlib; matplotlib.use('Agg'); import hashlib, matplotlib.pyplot as plt\n"
        "from workshop_lib import figures; figures.style()\n"
        "fig, ax = plt.subplots(); ax.plot([1, 2, 4], label='a'); ax.legend()\n"
        "print(hashlib.sha256(figures._png(fig)).hexdigest())"
    )
    command = [sys.executable, "-c", code]
    first, second = (subprocess.check_output(command, text=True) for _ in range(2))
    assert first == second


def test_plain_python_prints_the_alt_text(capsys):
    figures.show(bars(), alt=ALT)
    assert capsys.readouterr().out == ALT + "\n"


@pytest.mark.parametrize(("k", "n", "columns"), [(0, 7, 10), (3, 10, 4), (100, 100, 10)])
def test_icon_array_draws_k_filled_circles_of_n(k, n, columns):
    ax = figures.icon_array(k, n, columns=columns)
    (circles,) = ax.collections
    white = [tuple(colour[:3]) == (1, 1, 1) for colour in circles.get_facecolors()]
    assert white == [False] * k + [True] * (n - k)
    places = [path.get_extents() for path in circles.get_paths()]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert all(left < p.x0 and p.x1 < right and top < p.y0 and p.y1 < bottom for p in places)
    centres = {(round((p.x0 + p.x1) / 2, 3), round((p.y0 + p.y1) / 2, 3)) for p in places}
    assert len(centres) == n
    assert contrast_on_white(circles.get_edgecolors()[-1]) >= 3


def test_icon_array_draws_where_it_is_told():
    fig, axes = plt.subplots(1, 2)
    assert figures.icon_array(np.int64(2), 5, ax=axes[1]) is axes[1]
    assert not axes[0].collections
    assert fig.number == plt.gcf().number


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((6, 5), "k is 6; expected a whole number from 0 to 5."),
        ((-1, 5), "k is -1; expected a whole number from 0 to 5."),
        ((0.5, 5), "k is 0.5; expected a whole number from 0 to 5."),
        ((0, 0), "n is 0; expected a whole number from 1 to 1000."),
        ((1, 10**6), "n is 1000000; expected a whole number from 1 to 1000."),
        ((None, 5), "k is None; expected a whole number from 0 to 5."),
    ],
)
def test_icon_array_refuses_what_is_no_count(arguments, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        figures.icon_array(*arguments)
    with pytest.raises(ValueError, match="columns is 0"):
        figures.icon_array(1, 5, columns=0)
    assert not plt.get_fignums()


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")  # of other tests
def test_axes_placed_by_hand_give_no_warning(ipython):
    fig = plt.figure()
    fig.add_axes((0.1, 0.1, 0.8, 0.8))
    with capture_output() as captured:
        figures.show(fig, alt=ALT)
    assert captured.stderr == ""


def test_figure_is_closed():
    fig = bars()
    figures.show(fig, alt=ALT)
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "A bar chart", "A" * 19, "A chart" + " " * 30])
def test_short_alt_text_is_refused(alt):
    with pytest.raises(ValueError, match="at least 20"):
        figures.show(bars(), alt=alt)


def test_axes_instead_of_figure_is_explained():
    with pytest.raises(TypeError, match=r"ax\.figure"):
        figures.show(bars().axes[0], alt=ALT)
