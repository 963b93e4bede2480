"""Plots run on every kind, carry an alt text and refuse what they cannot show."""

import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pytest

from workshop_lib import drift, figures


@pytest.fixture(autouse=True)
def course_style():
    figures.style()
    yield
    assert plt.get_fignums() == []
    plt.rcdefaults()


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")  # of other tests
@pytest.mark.parametrize("kind", [*drift.KINDS, ["covariate", "missing"]])
def test_streams_of_every_kind_are_shown(kind, capsys):
    drift.plot_stream(drift.stream(kind, days=12, per_day=40, onset=6))
    alt = capsys.readouterr().out
    assert "Daily values of" in alt
    assert "over 12 days" in alt
    for each in [kind] if isinstance(kind, str) else kind:
        assert ("nothing changes" if each == "none" else f"({each}) on day 6") in alt


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")  # of other tests
def test_scores_are_shown(capsys):
    streams = {kind: drift.stream(kind, per_day=20) for kind in ("none", "covariate", "concept")}
    alarms = iter([[5, 31], [31], []])
    drift.plot_scores(drift.score_detector(lambda rows: next(alarms), streams))
    assert capsys.readouterr().out == (
        "Delay and false alarms of a detector on 3 streams: 1 of 2 changes found, delay 1 to 1, "
        "false alarms in 1 stream.\n"
    )
    drift.plot_scores(drift.score_detector(lambda rows: None, [streams["concept"]] * 2))
    assert "0 of 2 changes found, false alarms in 0 streams" in capsys.readouterr().out


def test_what_cannot_be_shown_is_named():
    stream = drift.stream("none", days=3, per_day=5)
    with pytest.raises(ValueError, match="expected a Stream"):
        drift.plot_stream(stream.rows)
    with pytest.raises(ValueError, match="no column 'f99'"):
        drift.plot_stream(stream, columns=["f00", "f99"])
    with pytest.raises(ValueError, match="0 columns"):
        drift.plot_stream(stream, columns=[])
    with pytest.raises(ValueError, match="table of score_detector"):
        drift.plot_scores(stream.rows)


def test_import_of_the_package_loads_no_heavy_module():
    code = (
        "from workshop_lib import drift; import sys; dir(drift);"
        "print(*(m for m in ('numpy', 'pandas', 'scipy', 'matplotlib') if m in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == ""


def test_names_and_datasheets_are_there():
    assert all(getattr(drift, name) is not None for name in drift.__all__)
    with pytest.raises(AttributeError, match="it has"):
        drift.cusum  # noqa: B018
    from workshop_lib import data

    for sheet, frame in (
        ("drift_streams.md", drift.stream("schema", days=2, per_day=2, onset=1).rows),
        ("card_events.md", drift.card_events(seconds=1)),
    ):
        text = data.dataset_path(sheet).read_text(encoding="utf-8")
        assert "licence" in text.lower()
        assert sheet in data.dataset_path("README.md").read_text(encoding="utf-8")
        shown = [name for name in frame if not name[1:].isdigit() or name in ("f00", "f08", "f11")]
        assert all(name in text for name in shown)
