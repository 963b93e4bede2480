"""Artefacts come back equal, or are refused with the reason; grading reads references only."""

import doctest
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from workshop_lib import artifacts


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Let the shipped data be an empty folder of this test."""
    root = tmp_path / "datasets"
    for folder in ("reference", "schemas"):
        (root / folder).mkdir(parents=True)
    monkeypatch.setattr("workshop_lib.data.files.dataset_path", root.joinpath)
    return root


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch, shipped):
    """Be a learner in the folder of a unit."""
    folder = tmp_path / "work"
    (folder / ".workshop").mkdir(parents=True)
    (folder / "01_preprocessing").mkdir()
    monkeypatch.chdir(folder / "01_preprocessing")
    monkeypatch.delenv("WORKSHOP_REFERENCE_ONLY", raising=False)
    return folder


def require_recipe_to_be_a_list(shipped):
    (shipped / "schemas" / "recipe.schema.json").write_text('{"type": "array", "minItems": 1}')


COLUMNS = {
    "int8": pd.array([1, 2, 3], "int8"),
    "float64": [0.1, np.nan, 1e300],
    "float32": np.array([0.1, 1 / 3, 7], "float32"),
    "infinite": [np.inf, -np.inf, -0.0],
    "bool": [True, False, True],
    "missing_words": ["NaN", "", None],
    "quotes": ['a,"b"', "x\ny", "n/a"],
    "numbers_as_text": ["007", "1e5", "True"],
    "ordered": pd.Categorical(["b", None, "a"], ["b", "a", "unused"], ordered=True),
    "number_categories": pd.Categorical([1, None, 3]),
    "dates": pd.to_datetime(["2024-01-01", None, "2024-02-01"]),
    "times": pd.to_datetime(["2024-01-01 00:00", "2024-03-31 01:30", None]).tz_localize("UTC"),
    "duration": pd.to_timedelta([1, 2, None], "s"),
    "Int64": pd.array([1, None, 2**60], "Int64"),
    "boolean": pd.array([True, None, False], "boolean"),
    "string": pd.array(["a", None, "NA"], "string"),
}


def test_documented_examples():
    assert doctest.testmod(artifacts).failed == 0


@pytest.mark.parametrize("kind", COLUMNS)
def test_each_kind_of_column_comes_back_exactly(kind):
    frame = pd.DataFrame({kind: COLUMNS[kind]})
    artifacts.put("table", frame)
    pd.testing.assert_frame_equal(artifacts.get("table"), frame, check_exact=True)


def test_empty_frame_keeps_its_dtypes():
    frame = pd.DataFrame(COLUMNS).iloc[:0]
    artifacts.put("table", frame)
    pd.testing.assert_frame_equal(artifacts.get("table"), frame)


@pytest.mark.parametrize(
    "obj", [{"a": [1, 2.5, None, True, "é\r\n"], "b": {}}, [], "text", 3, None, {"1": 0.1 + 0.2}]
)
def test_json_comes_back_with_its_types(obj):
    artifacts.put("plain", obj)
    back = artifacts.get("plain")
    assert back == obj
    assert type(back) is type(obj)


def contract():
    return pa.DataFrameSchema(
        {
            "age": pa.Column(float, [pa.Check.in_range(18, 100, error="age"), pa.Check.ne(99)]),
            "purpose": pa.Column(str, pa.Check.isin(["car", "home"]), nullable=True),
        },
        strict=True,
    )


def test_pandera_schema_comes_back_and_still_validates():
    artifacts.put("contract", contract())
    back = artifacts.get("contract")
    assert back == contract()
    with pytest.raises(pa.errors.SchemaError):
        back.validate(pd.DataFrame({"age": [17.0], "purpose": ["car"]}))


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        (pa.DataFrameSchema({"age": pa.Column(float, pa.Check(lambda s: s > 0))}), "'age', checks"),
        (pa.DataFrameSchema({"age": pa.Column(float)}, checks=pa.Check(lambda d: d.age > 0)), "ch"),
        (pa.DataFrameSchema({"p": pa.Column(str, pa.Check.isin({"a", "b"}))}), "with lists"),
        (pa.DataFrameSchema({"p": pa.Column(str, parsers=pa.Parser(str))}), "parsers"),
    ],
)
def test_schema_that_does_not_survive_is_refused(work, schema, named):
    with pytest.raises(ValueError, match=named):
        artifacts.put("contract", schema)
    assert not (work / "artifacts").exists()


@pytest.mark.parametrize(
    ("obj", "error", "message"),
    [
        ((1, 2), TypeError, "use a list"),
        ({"a": [{1, 2}]}, TypeError, r"\['a'\]\[0\].*use a list"),
        ({1: "a"}, TypeError, "text as keys"),
        ([np.int64(1)], TypeError, r"tolist"),
        ([float("nan")], ValueError, "nan"),
        (object(), TypeError, "of type object"),
        (pa.DataFrameModel, TypeError, "to_schema"),
        (pd.DataFrame({"mixed": [1, "1"]}), ValueError, "come back equal"),
        (pd.DataFrame({"a": ["x\r", "\r\ny"]}), ValueError, "without"),
        (pd.DataFrame({"a": [1, 2]}).iloc[1:], ValueError, "reset_index"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ValueError, "unique"),
        (pd.DataFrame([[1, 2]]), ValueError, "text as column names"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_written(work, obj, error, message):
    with pytest.raises(error, match=message):
        artifacts.put("thing", obj)
    assert not (work / "artifacts").exists()


@pytest.mark.parametrize("name", ["../recipe", "Recipe", "", "a.b", "1a", None])
def test_malformed_names_are_refused(name):
    for use in (lambda: artifacts.put(name, 1), lambda: artifacts.get(name)):
        with pytest.raises(ValueError, match="not a name"):
            use()


def test_another_notebook_of_the_work_folder_finds_the_artefact(work, monkeypatch):
    artifacts.put("recipe", [1])
    assert (work / "artifacts" / "recipe.json").is_file()
    (work / "02_models").mkdir()
    monkeypatch.chdir(work / "02_models")
    assert artifacts.get("recipe") == [1]


def test_outside_a_work_folder_the_current_folder_is_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    artifacts.put("recipe", [1])
    assert (tmp_path / "artifacts" / "recipe.json").is_file()


def test_an_artefact_may_change_its_kind(work):
    artifacts.put("thing", pd.DataFrame({"a": [1]}))
    artifacts.put("thing", {"a": 1})
    assert artifacts.get("thing") == {"a": 1}
    assert [path.name for path in (work / "artifacts").iterdir()] == ["thing.json"]


def test_own_artefact_comes_before_the_reference_and_says_so(shipped, capsys):
    artifacts.save(shipped / "reference", "recipe", ["reference"])
    assert artifacts.get("recipe") == ["reference"]
    assert capsys.readouterr().out == "recipe: the reference of the course\n"
    artifacts.put("recipe", ["mine"])
    assert artifacts.get("recipe") == ["mine"]
    assert capsys.readouterr().out == "recipe: your own artefact\n"
    assert artifacts.get("recipe", reference=True) == ["reference"]


def test_grading_reads_the_reference_and_writes_nothing(shipped, work, monkeypatch):
    artifacts.save(shipped / "reference", "recipe", ["reference"])
    artifacts.put("recipe", ["mine"])
    artifacts.put("only_mine", 1)
    monkeypatch.setenv("WORKSHOP_REFERENCE_ONLY", "1")
    artifacts.put("recipe", ["graded"])
    assert artifacts.get("recipe") == ["reference"]
    assert json.loads((work / "artifacts" / "recipe.json").read_text()) == ["mine"]
    with pytest.raises(LookupError, match=r"known names: recipe$"):
        artifacts.get("only_mine")
    with pytest.raises(TypeError):
        artifacts.put("recipe", {1})


def test_unknown_name_lists_the_known_ones(shipped):
    artifacts.save(shipped / "reference", "contract", 1)
    artifacts.put("recipe", 2)
    with pytest.raises(LookupError, match="'recip'; known names: contract, recipe"):
        artifacts.get("recip")


def test_put_refuses_what_breaks_the_json_schema(shipped, work):
    require_recipe_to_be_a_list(shipped)
    with pytest.raises(ValueError, match="not of type 'array'"):
        artifacts.put("recipe", {"step": 1})
    assert not (work / "artifacts").exists()


def test_json_schema_of_a_frame_sees_its_columns(shipped):
    schema = {"contains": {"const": {"name": "age", "dtype": "int64"}}}
    (shipped / "schemas" / "table.schema.json").write_text(json.dumps(schema))
    artifacts.put("table", pd.DataFrame({"age": [30]}))
    with pytest.raises(ValueError, match="does not contain"):
        artifacts.put("table", pd.DataFrame({"age": [30.0]}))


@pytest.mark.parametrize("text", ["[]", "[1", "\x00"])
def test_damaged_own_artefact_is_refused_and_the_reference_offered(shipped, work, text):
    artifacts.save(shipped / "reference", "recipe", [1])
    require_recipe_to_be_a_list(shipped)
    (work / "artifacts").mkdir()
    (work / "artifacts" / "recipe.json").write_text(text)
    with pytest.raises(ValueError, match=r"is refused: .*reference=True"):
        artifacts.get("recipe")
    assert artifacts.get("recipe", reference=True) == [1]


def test_a_table_without_its_columns_file_is_refused(work):
    artifacts.put("table", pd.DataFrame({"a": [1]}))
    (work / "artifacts" / "table.columns.json").unlink()
    with pytest.raises(ValueError, match="do not belong together"):
        artifacts.get("table")


def test_a_folder_that_cannot_be_written_is_explained(work):
    (work / "artifacts").write_text("a file where the folder should be")
    with pytest.raises(OSError, match=r"cannot store 'recipe'.*writable"):
        artifacts.put("recipe", 1)


FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})


@pytest.mark.parametrize(
    "changed",
    [
        FRAME[["b", "a"]],
        FRAME.iloc[::-1],
        FRAME.astype({"a": "float64"}),
        FRAME.assign(b=["x", "z"]),
        FRAME.rename(columns={"a": "A"}),
        FRAME.iloc[:1],
        FRAME.assign(b=["x", None]),
    ],
)
def test_digest_changes_with_the_content(changed):
    assert artifacts.digest(changed) != artifacts.digest(FRAME)


def test_digest_ignores_index_labels_and_the_order_of_keys():
    assert artifacts.digest(FRAME.set_axis([7, 8])) == artifacts.digest(FRAME)
    assert artifacts.digest({"a": 1, "b": 2}) == artifacts.digest({"b": 2, "a": 1})


def test_digest_sees_a_change_that_a_printed_frame_hides():
    long = pd.DataFrame({"a": np.arange(500)})
    changed = long.copy()
    changed.loc[250, "a"] = -1
    assert str(long) == str(changed)
    assert artifacts.digest(long) != artifacts.digest(changed)


def test_digest_is_the_same_in_another_process_and_after_storage():
    code = (
        "import pandas as pd; from workshop_lib import artifacts\n"
        "print(artifacts.digest(pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})))"
    )
    other = subprocess.check_output([sys.executable, "-c", code], text=True).strip()
    artifacts.put("table", FRAME)
    assert other == artifacts.digest(FRAME) == artifacts.digest(artifacts.get("table"))


def test_digest_of_a_pandera_schema_is_stable():
    assert artifacts.digest(contract()) == artifacts.digest(contract())
    assert artifacts.digest(contract()) != artifacts.digest(contract().remove_columns(["age"]))


@pytest.mark.parametrize("obj", [{1, 2}, (1,), [float("nan")], FRAME["a"]])
def test_digest_refuses_what_has_no_canonical_text(obj):
    with pytest.raises((TypeError, ValueError)):
        artifacts.digest(obj)


def fitted_model():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    table = pd.DataFrame({"purpose": ["car", "home", "car", "debt"]})
    return make_pipeline(OneHotEncoder(), LogisticRegression()).fit(table, [0, 1, 0, 1]), table


def test_model_comes_back_with_the_same_answers_and_the_same_bytes(work):
    model, table = fitted_model()
    artifacts.put("model", model)
    first = (work / "artifacts" / "model.skops").read_bytes()
    back = artifacts.get("model")
    assert np.array_equal(back.predict_proba(table), model.predict_proba(table))
    artifacts.put("model", fitted_model()[0])
    assert (work / "artifacts" / "model.skops").read_bytes() == first
    assert artifacts.digest(back) == artifacts.digest(model)


def test_model_with_a_function_of_its_own_is_refused(work):
    from sklearn.preprocessing import FunctionTransformer

    with pytest.raises(ValueError, match="functions of your own"):
        artifacts.put("model", FunctionTransformer(lambda x: x))
    assert not (work / "artifacts").exists()


def test_damaged_model_is_refused(work):
    (work / "artifacts").mkdir()
    (work / "artifacts" / "model.skops").write_bytes(b"not a zip")
    with pytest.raises(ValueError, match=r"model .your own artefact. is refused"):
        artifacts.get("model")
