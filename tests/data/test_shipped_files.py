"""Shipped files equal their generators and can be found in a checkout and in an installed wheel."""

import importlib.util
import shutil
from pathlib import Path

import pandas as pd
import pytest

from workshop_lib import data
from workshop_lib.data import files

SHEETS = [
    "benchmarks.md",
    "credit.md",
    "credit_raw.md",
    "housing.md",
    "messages.md",
    "scans.md",
    "scores.md",
    "sklearn_sets.md",
]


def load_recipe():
    spec = importlib.util.spec_from_file_location("recipe", data.dataset_path("build.py"))
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    return recipe


def test_build_writes_the_shipped_bytes_again(tmp_path):
    for path in load_recipe().build(tmp_path):
        assert path.read_bytes() == data.dataset_path(path.name).read_bytes(), path.name


def test_credit_file_reads_as_the_generator():
    shipped = pd.read_csv(data.dataset_path("credit_2024.csv"))
    pd.testing.assert_frame_equal(shipped, data.credit())


def test_raw_file_reads_as_the_generator_when_text_stays_text():
    shipped = pd.read_csv(
        data.dataset_path("credit_raw.csv"),
        dtype={"age": "str", "home_owner": "str"},
        keep_default_na=False,
        na_values={"debt_ratio": [""]},
    )
    pd.testing.assert_frame_equal(shipped, data.credit_raw())


@pytest.mark.parametrize("sheet", SHEETS)
def test_each_set_has_a_datasheet_with_source_and_licence(sheet):
    text = data.dataset_path(sheet).read_text(encoding="utf-8").lower()
    assert "licence" in text
    assert "source" in text
    assert sheet in data.dataset_path("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sheet", "columns"),
    [
        ("credit.md", data.credit(1).columns),
        ("housing.md", data.housing(1, n_noise=1).columns),
        ("credit_raw.md", ["rating", "age", "income_keur", "debt_ratio", "home_owner", "purpose"]),
    ],
)
def test_datasheets_name_the_columns(sheet, columns):
    text = data.dataset_path(sheet).read_text(encoding="utf-8")
    assert [column for column in columns if column not in text] == []


def test_unknown_file_is_named_with_what_exists():
    with pytest.raises(FileNotFoundError, match=r"loans\.csv.*credit_raw\.csv"):
        data.dataset_path("loans.csv")


@pytest.mark.parametrize("folder", ["site/workshop_lib/datasets", "site/datasets"])
def test_path_in_a_wheel_and_in_a_checkout(tmp_path, folder):
    copy = tmp_path / "site/workshop_lib/data/files.py"
    copy.parent.mkdir(parents=True)
    shutil.copy(files.__file__, copy)
    expected = tmp_path / folder / "some.csv"
    expected.parent.mkdir(parents=True)
    expected.write_text("a\n1\n")
    spec = importlib.util.spec_from_file_location("installed_files", copy)
    installed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(installed)
    assert installed.dataset_path("some.csv") == Path(expected).resolve()


def test_public_names_stay_functions_after_their_modules_are_loaded():
    for name in data.__all__:
        assert callable(getattr(data, name)), name
    with pytest.raises(AttributeError, match="credit_raw"):
        data.no_such_set  # noqa: B018
