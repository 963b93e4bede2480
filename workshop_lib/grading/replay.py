"""Find which cells of a notebook must run before a cell can run."""

import ast
import builtins


def defined_names(source):
    r"""Return the names that a cell binds at its top level.

    Examples
    --------
    >>> sorted(defined_names("import numpy as np\nfor i in [1]:\n    last = i"))
    ['i', 'last', 'np']
    """
    collector = _Bindings()
    collector.visit(ast.parse(source))
    return collector.names


def used_names(source):
    r"""Return every name that a cell reads, also inside its functions, without the builtins.

    Examples
    --------
    >>> sorted(used_names("def area(w):\n    return w * height"))
    ['height', 'w']
    """
    tree = ast.parse(source)
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return read - set(dir(builtins))


def needed_cells(sources, target, without=()):
    """Return the indices of the cells that ``sources[target]`` needs, in order, without itself.

    Parameters
    ----------
    sources : list of str
        Sources of the code cells, in order.
    target : int
        Index of the cell that shall run.
    without : collection of int
        Cells that may not be used; names that only they define stay undefined.

    Returns
    -------
    list of int

    Examples
    --------
    >>> needed_cells(["a = 1", "b = 2", "c = a", "print(c)"], 3)
    [0, 2]
    """
    needed = set()
    wanted = used_names(sources[target])
    for index in range(target - 1, -1, -1):
        if index in without:
            continue
        if defined_names(sources[index]) & wanted:
            needed.add(index)
            wanted |= used_names(sources[index])
    return sorted(needed)


class _Bindings(ast.NodeVisitor):
    """Collects bound names, without looking into functions, classes and comprehensions."""

    def __init__(self):
        self.names = set()

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.names.add(node.id)

    def visit_definition(self, node):
        self.names.add(node.name)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_definition

    def visit_Import(self, node):
        for alias in node.names:
            self.names.add((alias.asname or alias.name).split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_nothing(self, node):
        pass

    visit_Lambda = visit_ListComp = visit_SetComp = visit_DictComp = visit_nothing
    visit_GeneratorExp = visit_nothing
