"""A course that is attacked, and what a submission gets in it."""

from tests.grading.notebooks import answer, given, notebook, test, with_answers
from workshop_lib.checks.calls import fingerprint
from workshop_lib.grading import isolation
from workshop_lib.grading.execute import Limits, execute

LEVELS = [level for level in isolation.LEVELS if isolation.available(level)]
MODULES = ["numpy", "numpy.testing", "pandas", "workshop_lib.checks.session"]
QUICK = Limits(cell_seconds=1, total_seconds=90, memory_bytes=400 << 20, file_bytes=32 << 20)
STUBS = {"half": "def half(x): ...", "Scale": "class Scale: ..."}
SKELETON = notebook(
    given("import numpy as np\nfrom workshop_lib.checks import check"),
    answer("first", "def first(x): ..."),
    test("first_test", "assert first(2) == 4 and first(3) == 9", 1),
    answer("model", "def model(): ..."),
    test(
        "model_test",
        "class Model: pass\nm = model()\nassert isinstance(m.k, int)\n"
        "np.testing.assert_allclose(m.weights, [1.0, 2.0])\nassert m.k == 5",
        1,
    ),
    answer("half", STUBS["half"]),
    test(
        "half_check",
        f"t = check('half', globals(), points=2, stub={{'half': '{fingerprint(STUBS['half'])}'}})\n"
        "with t.item('seeds', seconds=1):\n    for seed in (17, 23):\n        t.gives(seed / 2, half, seed)\n"
        "### BEGIN HIDDEN TESTS\nwith t.item('secret words', seconds=1):\n    t.gives(11.0, half, 22)\n"
        "### END HIDDEN TESTS\nt.report()",
        2,
        exercise="half",
        transport="plain",
    ),
    answer("Scale", STUBS["Scale"]),
    test(
        "Scale_check",
        f"t = check('Scale', globals(), points=2, stub={{'Scale': '{fingerprint(STUBS['Scale'])}'}})"
        "\nwith t.item('an object', seconds=1):\n    made = t.call(Scale, 2)\n"
        "    t.require(made.k == 2, 'no k')\n    t.equal(t.call(made.times, 3), 6)\nt.report()",
        2,
        exercise="Scale",
        transport="object",
    ),
    answer("last", "def last(x): ..."),
    test("last_test", "assert last(1) == 2", 1),
)
WRONG = {
    "first": "def first(x):\n    return 0",
    "model": "def model():\n    return 0",
    "half": "def half(x):\n    return 0",
    "Scale": "class Scale:\n    def __init__(self, k):\n        self.k = 0\n"
    "    def times(self, x):\n        return 0",
}
LAST = "def last(x):\n    return x + 1"


def handed_in(skeleton, changes):
    """A notebook with other sources, by grade id or old source; None makes a cell a text."""
    cells = []
    for each in skeleton["cells"]:
        key = each["metadata"].get("nbgrader", {}).get("grade_id", each["source"])
        new = {**each, "source": changes.get(key, each["source"])}
        if new["source"] is None:
            new = {"cell_type": "markdown", "id": each["id"], "metadata": {}, "source": "gone"}
        cells.append(new)
    return {**skeleton, "cells": cells}


def grades_of(skeleton, **answers):
    """Grade some answers at the strongest level."""
    unit = {"notebooks": {"n": skeleton}, "modules": MODULES}
    made = with_answers(skeleton, **answers)
    return execute(unit, {"n": made}, {}, QUICK, LEVELS[0])["notebooks"]["n"]["grades"]
