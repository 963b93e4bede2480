"""Which earlier cells a cell needs."""

import numpy as np
import pytest

from workshop_lib.grading.replay import defined_names, needed_cells, used_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a.b, c as d\nfrom e import f as g, h", {"a", "d", "g", "h"}),
        ("from m import *", {"*"}),
        ("x, (y, *z) = t = 1, (2, 3)", {"x", "y", "z", "t"}),
        ("x += 1", {"x"}),
        ("x: int = 1", {"x"}),
        ("def f(a, b=c):\n    d = 1", {"f"}),
        ("async def f():\n    pass", {"f"}),
        ("class A:\n    b = 1\n    def c(self): pass", {"A"}),
        ("for i, j in k:\n    m = i\nelse:\n    n = 1", {"i", "j", "m", "n"}),
        ("with a() as b, c() as (d, e):\n    f = 1", {"b", "d", "e", "f"}),
        (
            "try:\n    a = 1\nexcept E as e:\n    b = 1\nelse:\n    c = 1\nfinally:\n    d = 1",
            set("abcd"),
        ),
        ("[x for x in y]\n{k: v for k, v in z}\nlambda w: w", set()),
        ("if (n := 3) > 2:\n    m = n", {"n", "m"}),
        ("[last := x for x in y]", {"last"}),
        (
            "match p:\n    case {'a': a, **rest}:\n        pass\n    case [b, *c]:\n        pass",
            {"a", "rest", "b", "c"},
        ),
        ("x.a = 1\nx[0] = 2\nprint(x)", set()),
        ("", set()),
    ],
)
def test_defined_names(source, names):
    assert defined_names(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b + 1", {"b"}),
        ("a = 1\nb = a", set()),
        ("b = a\na = 1", {"a"}),
        ("a += 1", {"a"}),
        ("def f(a):\n    b = a\n    return b + c", {"c"}),
        ("def f():\n    return f()", set()),
        ("def f(a=b): pass", {"b"}),
        ("@cached\ndef f(): pass", {"cached"}),
        ("class A(B):\n    c = d\n    e = c", {"B", "d"}),
        ("[x for x in y if x > z]", {"y", "z"}),
        ("lambda x: x + y", {"y"}),
        ("f'{a:{b}}'", {"a", "b"}),
        ("for i in a:\n    b = i\n    c = b", {"a"}),
        ("with a as b:\n    c = b\nc", {"a"}),
        ("if a:\n    b = 1\nb", {"a", "b"}),
        ("a.b.c = d[e]", {"a", "d", "e"}),
        ("x: t = 1", {"t"}),
    ],
)
def test_used_names(source, names):
    assert used_names(source) == names


@pytest.mark.parametrize(
    ("cells", "needed"),
    [
        # chains and redefinitions
        (["a = 1", "b = a", "c = b", "d = 0", "c"], [0, 1, 2]),
        (["a = 1", "a = 2", "a"], [1]),
        (["a = 1", "a = a + 1", "a"], [0, 1]),
        (["a = 1", "a += 1", "a"], [0, 1]),
        (["a = 1", "if b:\n    a = 2", "b = 0", "a"], [0, 1]),
        (["a = 1", "del a", "a = 2", "a"], [2]),
        (["import numpy as np", "import numpy as np", "np"], [1]),
        # what changes an object in place
        (["a = {}", "a['k'] = 1", "a"], [0, 1]),
        (["a = {}", "a['k']['l'] += 1", "a"], [0, 1]),
        (["a = {}", "del a['k']", "a"], [0, 1]),
        (["a = A()", "a.x = 1", "a"], [0, 1]),
        (["a = A()", "a.b.c = 1", "a"], [0, 1]),
        (["a = []", "a.append(1)", "a"], [0, 1]),
        (["a = []", "for i in range(3):\n    a.append(i)", "a"], [0, 1]),
        (["a = []", "with b:\n    a.append(1)", "a"], [0, 1]),
        (["m = M()", "history = m.fit()", "m"], [0, 1]),
        (["a = []", "shuffle(a)", "a"], [0, 1]),
        (["a = []", "log = train(a, epochs=2)", "a"], [0, 1]),
        (["a = []", "fill(target=a)", "a"], [0, 1]),
        (["a = []", "print(a)", "display(a)", "figures.show(a)", "a"], [0]),
        (["a, b = 1, 2", "c = b + len(str(b))", "a"], [0]),
        # what changes an imported module
        (["import numpy as np", "np.random.seed(0)", "np.random.rand()"], [0, 1]),
        (["import numpy as np", "x = np.mean([1])", "np.mean([2])"], [0]),
        (["import pandas as pd", "pd.DataFrame([1]).T.round(2)", "pd.Series([2])"], [0]),
        (["a = A()", "a.rows().append(1)", "a"], [0, 1]),
        (["from lib import figures", "figures.style()", "figures.draw()"], [0, 1]),
        (["import matplotlib.pyplot as plt", "plt.rcParams['a'] = 1", "plt.plot()"], [0, 1]),
        (["import matplotlib.pyplot as plt", "plt.rcParams.update(a=1)", "plt.plot()"], [0, 1]),
        # names inside functions are looked up when they are called
        (["k = 1", "def f():\n    return k", "f()"], [0, 1]),
        (["def f():\n    return g()", "def g():\n    return 1", "f()"], [0, 1]),
        (["def f():\n    return k", "k = 1", "k = 2", "f()"], [0, 1, 2]),
        (["class A:\n    def f(self):\n        return k", "k = 1", "A"], [0, 1]),
        (["f = lambda: k", "k = 1", "f()"], [0, 1]),
        (["k = 1", "class A:\n    b = k", "k = 2", "A"], [0, 1]),
        # parameters and local names of functions are no names of the notebook
        (["df = 1", "def f(df):\n    return df", "f(2)"], [1]),
        (["x = 1", "y = [x for x in range(3)]", "y"], [1]),
        # star imports may define anything
        (["from math import *", "a = 1", "pi"], [0]),
        # names of builtins can be redefined
        (["sum = 3", "sum"], [0]),
        (["print(1)", "a = 1", "print(a)"], [1]),
            (["def f(x): pass", "y = f(1)", "f(2)"], [0]),
        (["a = 1"], []),
    ],
)  # fmt: skip
def test_needed_cells(cells, needed):
    assert needed_cells(cells, len(cells) - 1) == needed


def test_without_a_cell_its_names_stay_undefined():
    cells = ["import numpy as np", "def f(): return np.pi", "f()"]
    assert needed_cells(cells, 2, without={1}) == []
    assert needed_cells(["a = 1", "a = 2", "a"], 2, without={1}) == [0]


def test_the_check_before_is_not_needed():
    check = "t = check('f', globals())\nfor s in t.seeds:\n    got = t.call(f, s)\nt.report()"
    other = check.replace("'f'", "'g'").replace("(f,", "(g,")
    assert needed_cells(["from lib import check", "f = 1", check, "g = 1", other], 4) == [0, 3]


STATEMENTS = [
    "{a} = {n}",
    "{a} = {b} + {n}",
    "{a} += {b}",
    "{l}.append({b})",
    "{l} = list({l})",
    "{l}[0] = {a}",
    "if {a} > {b}:\n    {a} = {n}",
    "for {a} in range(2):\n    {l}.append({a})",
    "{l}.extend([{a} for {a} in range({n})])",
    "def f_{a}():\n    return {b} + len({l})",
    "{a} = f_{b}()",
    "{l}.append(({a} := {n}))",
    "extend({l})",
]


def test_replayed_cells_give_the_same_value_in_random_notebooks():
    rng = np.random.default_rng(5)
    first = [f"{a} = 1\ndef f_{a}():\n    return 1" for a in "xyz"] + ["p = [1]", "q = [2]"]
    first.append("def extend(values):\n    values.append(len(values))")
    saved = 0
    for _ in range(300):
        cells = list(first)
        for _ in range(12):
            a, b = rng.choice(list("xyz"), 2)
            statement = STATEMENTS[rng.integers(len(STATEMENTS))]
            cells.append(statement.format(a=a, b=b, l=rng.choice(["p", "q"]), n=rng.integers(5)))
        target = f"result = ({rng.choice(list('xyz'))}, {rng.choice(['p', 'q'])})"
        needed = needed_cells([*cells, target], len(cells))
        everything, replayed = {}, {}
        try:
            for cell in [*cells, target]:
                exec(cell, everything)
        except RecursionError:
            continue
        for index in needed:
            exec(cells[index], replayed)
        exec(target, replayed)
        assert replayed["result"] == everything["result"], "\n".join(cells)
        saved += len(cells) - len(needed)
    assert saved > 300
