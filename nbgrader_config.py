"""nbgrader for this course: stock nbgrader, told where things are.

Run every ``nbgrader`` command, and JupyterLab with formgrader, in this folder.

Environment variables
---------------------
WORKSHOP_GRADEBOOK
    Any SQLAlchemy URL; without it a SQLite file in ``class/``.
WORKSHOP_SEEDS
    Seeds of the hidden data, for example ``4021,733,58``. Choose your own for each class.
WORKSHOP_EXCHANGE
    Folder in which assignments are handed out and in; without it ``class/exchange``.
"""

import os
import sys
from pathlib import Path

from workshop_lib.errors import WorkshopError
from workshop_lib.execution import GRADING_SEEDS, REPEATABLE, read_seeds

ROOT = Path(__file__).resolve().parent
CLASS = ROOT / "class"
(CLASS / "exchange").mkdir(parents=True, exist_ok=True)

# nbgrader starts `alembic` by name: find the one of this environment, activated or not.
_programs = str(Path(sys.executable).parent)
if _programs not in os.environ["PATH"].split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([_programs, os.environ["PATH"]])

# Points must not depend on the machine's number of cores, on hash seeds, or on artefacts that a
# learner made in an earlier notebook. Seeds that learners do not see come from WORKSHOP_SEEDS.
SEEDS = os.environ.get("WORKSHOP_SEEDS")
try:
    seeds = read_seeds(SEEDS) if SEEDS else GRADING_SEEDS
except WorkshopError as error:
    sys.exit(f"WORKSHOP_SEEDS: {error}")
GRADING_ENVIRONMENT = {**REPEATABLE, "WORKSHOP_SEEDS": ",".join(map(str, seeds))}
_before = {}


def begin_grading(**_):
    """Set the environment that kernels started by ``nbgrader autograde`` inherit."""
    _before.update({name: os.environ.get(name) for name in GRADING_ENVIRONMENT})
    os.environ.update(GRADING_ENVIRONMENT)


def end_grading(**_):
    """Restore the environment: formgrader lives in the server that starts people's kernels."""
    for name, value in _before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    _before.clear()


c = get_config()  # noqa: F821 - traitlets puts it here

c.CourseDirectory.course_id = "northwind"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "class/release"
c.CourseDirectory.submitted_directory = "class/submitted"
c.CourseDirectory.autograded_directory = "class/autograded"
c.CourseDirectory.feedback_directory = "class/feedback"
c.CourseDirectory.solution_directory = "class/solution"
c.CourseDirectory.source_with_tests_directory = "class/source_with_tests"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.py", "feedback"]
c.CourseDirectory.db_url = os.environ.get(
    "WORKSHOP_GRADEBOOK", f"sqlite:///{CLASS / 'gradebook.db'}"
)

c.Exchange.root = os.environ.get("WORKSHOP_EXCHANGE", str(CLASS / "exchange"))

c.ClearSolutions.code_stub = {"python": "..."}
c.ClearSolutions.text_stub = "Write your answer here."

c.Execute.timeout = 120
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]  # no remarks about its sockets
c.Autograde.pre_convert_hook = begin_grading
c.Autograde.post_convert_hook = end_grading

# Feedback pages show no hidden tests, and nothing in them runs in a browser.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "workshop_lib.grading.feedback.SafeFeedback",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
