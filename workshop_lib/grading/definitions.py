"""Read in the source of a cell what it imports, defines and makes, without running it."""

import ast
import contextlib
import importlib

from workshop_lib.grading.replay import defined_names, needed_cells, own_nodes
from workshop_lib.grading.submission import is_importable

_EMPTY = (ast.Pass, ast.Raise)
_BRANCHES = (ast.If, ast.Try, ast.With)
_MAGICS_AROUND_PYTHON = {"%%capture", "%%time"}


def plain_source(source):
    r"""Return a cell's source as plain Python; empty where it is not, or runs another language.

    Examples
    --------
    >>> plain_source("%%time\nx = 1"), plain_source("%%bash\nls"), plain_source("%%time\n" * 5000)
    ('x = 1', '', '')
    """
    from IPython.core.inputtransformer2 import TransformerManager

    while source.partition("\n")[0].split(" ")[0] in _MAGICS_AROUND_PYTHON:
        source = source.partition("\n")[2]
    if source.startswith("%%"):
        return ""
    if can_be_read(source):
        return source
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        changed = TransformerManager().transform_cell(source)
        return changed if can_be_read(changed) else ""
    return ""


def can_be_read(source):
    """Tell whether we can find the names in a source, whatever a student wrote."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        needed_cells([source, ""], 1)
        return True
    return False


def is_definition(node):
    """Tell whether a statement imports something, or defines a function or class.

    One with an empty body is there for students to fill in.
    """
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return not all(isinstance(each, _EMPTY) or _is_constant(each) for each in node.body)
    return isinstance(node, ast.Import | ast.ImportFrom)


def definitions_in(body):
    r"""Keep of some statements what they import or define, also below an `if`, `try` or `with`.

    Examples
    --------
    >>> source = "x = 1\nif x:\n    import os\n    x = 2\nelse:\n    x = 3"
    >>> print(ast.unparse(definitions_in(ast.parse(source).body)))
    if x:
        import os
    else:
        pass
    """
    kept = []
    for node in body:
        if is_definition(node):
            kept.append(node)
        elif isinstance(node, _BRANCHES) and any(map(is_definition, own_nodes([node]))):
            kept.append(node)
            for block in (node, *getattr(node, "handlers", ())):
                for name in ("body", "orelse", "finalbody"):
                    if statements := getattr(block, name, None):
                        setattr(block, name, definitions_in(statements) or [ast.Pass()])
    return kept


def names_bound_by(definitions):
    """Name what some imports and definitions bind, also those with a star."""
    found = own_nodes(ast.parse(definitions).body)
    stars = [n.module for n in found if isinstance(n, ast.ImportFrom) and n.names[0].name == "*"]
    return (defined_names(definitions) - {"*"}).union(*map(public_names, stars))


def public_names(module_name):
    """Name what ``from module import *`` binds; nothing where the module is not there."""
    with contextlib.suppress(Exception):
        module = importlib.import_module(module_name)
        public = [name for name in vars(module) if not name.startswith("_")]
        return set(getattr(module, "__all__", public))
    return set()


def modules_made_by(files):
    """Name the modules and packages, by their first part, that some code files make.

    Parameters
    ----------
    files : iterable of (str, object)
        Relative paths, and what is in the files.

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(modules_made_by([("prices.py", ""), ("shop/cart.py", ""), ("prices.csv", "")]))
    ['prices', 'shop']
    """
    return {path.partition("/")[0].partition(".")[0] for path, _ in files if is_importable(path)}


def _is_constant(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
