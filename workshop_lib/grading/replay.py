"""Find which cells of a notebook must run before a cell can run."""

import ast
import functools
import symtable

SHOWING = {"display", "print", "show"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OWN_SCOPE = (*_DEFINITIONS, ast.Lambda)
_AT_ONCE = {"listcomp", "setcomp", "dictcomp"}
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def defined_names(source):
    r"""Return the names that a cell binds at its top level.

    Examples
    --------
    >>> sorted(defined_names("import numpy as np\nfor i in [1]:\n    last = i"))
    ['i', 'last', 'np']
    """
    return set().union(*(_bound(statement) for statement in ast.parse(source).body))


def defined_classes(source):
    r"""Return the sorted names of the classes that a cell defines; of another language none.

    Examples
    --------
    >>> defined_classes("class Box:\n    pass\ndef box(): ..."), defined_classes("%%bash\nls")
    (['Box'], [])
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    return sorted(node.name for node in body if isinstance(node, ast.ClassDef))


def used_names(source):
    r"""Return the names that a cell expects from earlier cells, also those inside its functions.

    Examples
    --------
    >>> sorted(used_names("width = 2\ndef area():\n    return width * height"))
    ['height']
    """
    return set(_cell(source).used)


def needed_cells(sources, target, without=()):
    """Return the indices of the cells that ``sources[target]`` needs, in order, without itself.

    A cell is needed when it binds a name that is used later, or may change the object behind it:
    by assigning to an item or attribute, by calling one of its methods, or by passing it to a
    function, as a statement of its own or as the right side of an assignment. Names inside
    functions are looked up when the function is called, so later definitions of them count too.

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
    >>> needed_cells(["a = []", "a.append(1)", "print(a)"], 2)
    [0, 1]
    """
    cells = {i: _cell(sources[i]) for i in range(target) if i not in without}
    imported = set().union(*(cell.imported for cell in cells.values()))
    objects = set().union(*(cell.bound for cell in cells.values())) - imported
    late = set()
    while True:
        needed, wanted = set(), _cell(sources[target]).used | late
        for index in sorted(cells, reverse=True):
            cell = cells[index]
            changed = {name for name in cell.changed if name in objects} | cell.commanded
            if "*" in cell.bound or wanted & (cell.bound | changed):
                needed.add(index)
                wanted = (wanted - cell.surely_bound) | cell.used | late
        found = set().union(*(cells[index].used_when_called for index in needed))
        if found <= late:
            return sorted(needed)
        late |= found


class _Cell:
    """What a cell reads, binds and may change; sets of names."""

    def __init__(self, source):
        body = ast.parse(source).body
        scope = _scope(source)
        self.used = _free(body, set())
        self.used_when_called = _late_names(scope)
        self.bound = set().union(*map(_bound, body))
        self.bound |= {name.get_name() for name in _inner_names(scope) if name.is_assigned()}
        self.surely_bound = set().union(*(_bound(s) for s in body if _always_binds(s)))
        self.imported = set().union(*(_bound(s) for s in body if _is_import(s)))
        statements = [node for node in own_nodes(body) if isinstance(node, ast.stmt)]
        self.changed = set().union(*map(_changed, statements))
        self.commanded = set().union(*map(_commanded, statements))


@functools.lru_cache(maxsize=4000)
def _cell(source):
    return _Cell(source)


def _free(block, bound):
    """Names that a block of statements reads before it binds them."""
    used, bound = set(), set(bound)
    for statement in block:
        if isinstance(statement, ast.For | ast.While | ast.If | ast.With):
            heads, targets = _heads(statement)
            used |= set().union(*map(_read, heads)) - bound
            inside = bound.union(*map(_bound, targets))
            used |= _free(statement.body, inside)
            used |= _free(getattr(statement, "orelse", []), inside)
        else:
            own = {statement.name} if isinstance(statement, _DEFINITIONS) else set()
            used |= _read(statement) - bound - own
        if _always_binds(statement):
            bound |= _bound(statement)
    return used


def _heads(statement):
    """Expressions that a compound statement reads first, and the targets that they bind."""
    if isinstance(statement, ast.With):
        targets = [item.optional_vars for item in statement.items if item.optional_vars]
        return [ast.Expr(item.context_expr) for item in statement.items], targets
    if isinstance(statement, ast.For):
        return [ast.Expr(statement.iter)], [statement.target]
    return [ast.Expr(statement.test)], [statement.test]


def _scope(code):
    return symtable.symtable(code, "<code>", "exec")


def _inner_names(scope):
    """Global names that functions, classes and comprehensions inside a scope read or assign."""
    for child in scope.get_children():
        yield from (name for name in child.get_symbols() if name.is_global())
        yield from _inner_names(child)


def _late_names(scope):
    """Global names that are read not at once, but when functions inside a scope are called."""
    names = set()
    for child in scope.get_children():
        if child.get_type() == "class" or child.get_name() in _AT_ONCE:
            names |= _late_names(child)
        else:
            inner = [*_inner_names(child), *(s for s in child.get_symbols() if s.is_global())]
            names |= {symbol.get_name() for symbol in inner if symbol.is_referenced()}
    return names


def _read(statement):
    """Names of the notebook that a statement reads; ``x += 1`` reads x."""
    scope = _scope(ast.unparse(statement))
    symbols = [*scope.get_symbols(), *_inner_names(scope)]
    names = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    added_to = [node.target for node in own_nodes([statement]) if isinstance(node, ast.AugAssign)]
    return names | {target.id for target in added_to if isinstance(target, ast.Name)}


def own_nodes(nodes):
    """Walk through nodes, but not into the scopes of functions, classes and comprehensions."""
    for node in nodes:
        yield node
        if isinstance(node, _COMPREHENSIONS):
            yield from (n.target for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
        elif not isinstance(node, _OWN_SCOPE):
            yield from own_nodes(ast.iter_child_nodes(node))


def _bound(statement):
    """Names that a statement binds in the scope where it stands."""
    names = set()
    for node in own_nodes([statement]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, (*_DEFINITIONS, ast.MatchAs, ast.MatchStar)):
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping):
            names.add(node.rest)
    return names - {None}


def _is_import(statement):
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _always_binds(statement):
    """Tell whether a statement binds its names whenever its cell runs to the end."""
    simple = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.With)
    return isinstance(statement, (*simple, *_DEFINITIONS))


def _changed(statement):
    """Names whose objects may change as receiver or argument of a call; imports do not."""
    call = getattr(statement, "value", None)
    if not isinstance(call, ast.Call):
        return set()
    shows = _last_name(call.func) in SHOWING
    arguments = [] if shows else [*call.args, *(keyword.value for keyword in call.keywords)]
    return {_receiver(call)} | {node.id for node in arguments if isinstance(node, ast.Name)}


def _commanded(statement):
    """Names whose objects change for sure: ``x.a = 1``, ``x[0] = 1``, ``np.random.seed(0)``.

    ``pd.DataFrame(rows).round(2)`` shows a new object and changes nothing of ``pd``.
    """
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    inner = [n for target in targets if target is not None for n in ast.walk(target)]
    names = {_root(n) for n in inner if isinstance(n, ast.Attribute | ast.Subscript)}
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        method = statement.value.func
        if not any(isinstance(node, ast.Call) for node in ast.walk(method)):
            names.add(_receiver(statement.value))
    return names - {None}


def _receiver(call):
    """Return the name of the object whose method is called, or None for a plain function."""
    return None if isinstance(call.func, ast.Name) else _root(call.func)


def _root(node):
    """Return the name at the start of ``name.attribute[item](…).attribute``, or None."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
