"""Make the reference artefacts from the worked solutions: ``python datasets/reference/build.py``.

Each artefact is the value of an expression, evaluated after the cells of the solution notebook that
it needs. The files come out byte-identical every time.
"""

import contextlib
import io
import os
from pathlib import Path
from unittest.mock import patch

from workshop_lib import artifacts
from workshop_lib.authoring.build import read_sources
from workshop_lib.authoring.expand import expand
from workshop_lib.authoring.syllabus import load
from workshop_lib.grading.replay import needed_cells

HERE = Path(__file__).resolve().parent
COURSE = HERE.parents[1]
ARTEFACTS = {
    "01_preprocessing/01_clean": {"contract": "build_contract()"},
    "01_preprocessing/04_document": {
        "recipe": "RECIPE",
        "recipe_log": "run_recipe(applications, RECIPE)[1]",
        "applications_clean": "run_recipe(applications, RECIPE)[0].reset_index(drop=True)",
    },
    "02_training/03_split": {
        "split_rule": "rule_with_counts(three_way(scores, repaid, customers), repaid, customers)",
    },
    "02_training/04_tune": {
        "search_trials": (
            "search_record(try_all(sample_params(ROOM, 60, seed=0)), "
            "as_trials(tune(make_reader, TPE_ROOM, digits, labels, folds, n_trials=25, seed=0)))"
        ),
    },
    "03_frameworks/01_sklearn": {
        "forms_v1": "fit_svm(scans[train], digits[train], C=10)[0]",
    },
    "03_frameworks/03_pytorch": {
        "benchmark_choice": """{
            wanted["case"]: choose(wanted, case.benchmarks, case.capabilities)["choice"]
            for wanted in case.requirements
        }""",
    },
    "05_ethics/02_fairness": {
        "proxy_table": """pd.concat(
            [pd.DataFrame({"feature": ["ALL"], "auc": [joint_strength(past, FEATURES)]}),
             proxy_strength(past, FEATURES)], ignore_index=True).round(3)""",
    },
    "05_ethics/03_mitigate": {
        "fair_model": """make_pipeline(prepare, averaged(
            mitigate(X_past, y_past, past["group"], "tpr", 0.02), X_past, y_past))""",
    },
    "05_ethics/04_explain": {
        "reason_codes": """{"limit": 0.7, "texts": TEXTS, "decisions": decision_records(
            explain(MODELS["repayment"], X_past[:100], X_new))}""",
        "consultation": "CONSULTATION",
    },
    "06_hands_on/02_decide_report": {
        "credit_v2": "final_fit(box, LogisticRegression(max_iter=1000))",
        "model_report": "build_report("
        'final_scores(box, final_fit(box, LogisticRegression(max_iter=1000)))["rows"], box.log)',
        "gate_policy": "POLICY",
    },
    "11_monitoring/01_log_queue": {
        "prediction_records": """[write_log(event, b"not in the repository", INPUTS)
            for event in log.events.to_dict("records")][:200]""",
    },
    "11_monitoring/02_board_shadow": {
        "monitoring_board": "handed_over((20, 65, 80, 98))",
        "shadow_report": """(lambda found: found | {
            "model": "credit v4", "recommendation": recommend(found, case.policy)}
        )(compare_shadow(case.log, case.threshold))""",
    },
    "11_monitoring/03_drift_alerts": {
        # It reads the board that 02_board_shadow has just written.
        "alert_rules": "rules",
    },
    "11_monitoring/04_incidents": {
        "incident_table": "graded_table(case)",
        "review_actions": """actions_of(new_rule(history, weeks.incidents.assign(
            onset=[find_onset(history, moment) for moment in weeks.incidents["detected"]]),
            weeks.targets))""",
    },
}


def build(folder=HERE):
    """Write every artefact of ARTEFACTS to `folder` and return the names."""
    syllabus = load(COURSE)
    sources, _ = read_sources(COURSE, syllabus)
    for notebook, expressions in ARTEFACTS.items():
        built = expand(sources[notebook], syllabus.notebook(notebook), syllabus, sources).notebook
        names = run_cells(built, "\n".join(expressions.values()))
        for name, expression in expressions.items():
            artifacts.save(folder, name, eval(expression, names))
    return [name for expressions in ARTEFACTS.values() for name in expressions]


def run_cells(notebook, code):
    """Run the cells that some code needs, without their prints, and return their names.

    Checks are left out: they define names of their own, such as ``step``.
    """
    cells = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code"
        and not cell.source.startswith("%")
        and not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    names = {}
    nothing_written = patch.dict(os.environ, WORKSHOP_REFERENCE_ONLY="1")  # a cell may call `put`
    with contextlib.redirect_stdout(io.StringIO()), nothing_written:
        for number in needed_cells([*cells, code], len(cells)):
            exec(cells[number], names)
    return names


if __name__ == "__main__":
    print(f"made {', '.join(build())} in {HERE}")
