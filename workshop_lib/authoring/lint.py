"""Rules that every source keeps, so that learners meet the same patterns everywhere."""

import ast
import io
import re
import tokenize

from workshop_lib.authoring.expand import solution_cell
from workshop_lib.authoring.glossary import entries
from workshop_lib.authoring.source import needed, regions, released
from workshop_lib.checks.calls import definitions
from workshop_lib.grading.replay import defined_names, used_names

MOST_LINES = 25
MOST_GRADED_CELLS = 8
SHORTEST_ALT_TEXT = 20
# A solution counts as leaked when another cell shows all of it, or one of its longer lines.
SHORTEST_LEAK, SHORTEST_LEAKED_LINE = 12, 40


def lint(sources, syllabus, chosen=None):
    """Look for everything in the sources that an author has to put right.

    Parameters
    ----------
    sources : dict of str to Source
        All sources of the course, in order: some rules compare notebooks.
    syllabus : Syllabus
    chosen : collection of str, optional
        Look through these sources only; the others are still compared with them.

    Returns
    -------
    list of Problem
    """
    problems = []
    for source in sources.values():
        broken = list(_syntax(source))
        problems += broken
        if broken or (chosen is not None and source.notebook not in chosen):
            continue  # the other rules read the code
        for rule in (
            _names,
            _exercises,
            _checks,
            _lengths,
            _prose_between,
            _headings,
            _alt_texts,
            _semicolons,
            _plain_checks,
            _names_of_checks,
            _graded_cells,
        ):
            problems += rule(source)
        problems += _objectives(source, syllabus)
        problems += _given_from(source, sources)
    wrong = {problem.file for problem in problems}
    sound = {name: source for name, source in sources.items() if source.path not in wrong}
    return [*problems, *_leaks(sound), *_terms(sound), *_repeated_exercises(sound)]


def _syntax(source):
    for cell in source.cells:
        for region in ("SOLUTION", "HIDDEN TESTS"):
            begins, ends = (cell.source.count(f"{word} {region}") for word in ("BEGIN", "END"))
            if begins != ends:
                yield source.problem(cell, f"BEGIN {region} and END {region} do not match")
        if cell.is_prose:
            continue
        try:
            ast.parse(python(cell))
            ast.parse(released(cell) if cell.kind in ("exercise", "check") else "")
        except SyntaxError as error:
            text = f"is not Python, as written or as released: {error.msg}"
            yield source.problem(cell, text, error.lineno or 1)


def python(cell):
    r"""Leave the lines for IPython (``%`` and ``!``) blank in the code of a cell.

    Examples
    --------
    >>> from workshop_lib.authoring.source import Cell
    >>> python(Cell("code", "", "%time\nx = 1"))
    '\nx = 1'
    """
    return re.sub(r"^[%!].*$", "", cell.source, flags=re.MULTILINE)


def _names(source):
    for kind in ("exercise", "check", "written"):
        seen = set()
        for cell in source.of_kind(kind):
            if cell.name in seen:
                yield source.problem(cell, f"a second {kind} named {cell.name!r}; names are unique")
            seen.add(cell.name)
    written = {cell.name for cell in source.of_kind("written")}
    for cell in source.of_kind("exercise"):
        if cell.name in written:
            yield source.problem(cell, f"{cell.name!r} is also the name of a written answer")


def _exercises(source):
    checked = {cell.name for cell in source.of_kind("check")}
    for cell in source.of_kind("exercise"):
        if cell.name not in checked:
            yield source.problem(cell, f'has no check; add a cell `# %% check="{cell.name}" …`')
        if not regions(cell.source, "SOLUTION"):
            text = "has no stub: put ### BEGIN SOLUTION and ### END SOLUTION around what is written"
            yield source.problem(cell, text)
            continue
        if not definitions(released(cell)):
            yield source.problem(cell, "its released form defines no function, class or variable")
        for node in ast.walk(ast.parse(released(cell))):
            if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node):
                yield source.problem(cell, "its stub raises; a stub is `...`", 1)
    for cell in source.cells:
        if cell.kind != "exercise" and regions(cell.source, "SOLUTION"):
            yield source.problem(cell, "a solution outside an exercise; add exercise= to the cell")


def _checks(source):
    before = set()
    for cell in source.cells:
        if cell.kind == "exercise":
            before.add(cell.name)
        if cell.kind == "check" and cell.name not in before:
            text = f"there is no exercise {cell.name!r} before this check"
            yield source.problem(cell, text)
        if cell.kind == "needs":
            for name in needed(cell):
                if name not in before:
                    yield source.problem(cell, f"there is no exercise {name!r} before this cell")
        if cell.kind != "check" and regions(cell.source, "HIDDEN TESTS"):
            yield source.problem(cell, "hidden tests outside a check; add check= to the cell")


def _lengths(source):
    for cell in source.cells:
        if cell.is_prose or cell.kind == "check":
            continue
        lines = [line for line in cell.source.split("\n") if not _is_marker(line)]
        if len(lines) > MOST_LINES:
            text = f"{len(lines)} lines of code, at most {MOST_LINES} are readable; split the cell"
            yield source.problem(cell, text)


def _is_marker(line):
    return re.search(r"### (BEGIN|END) SOLUTION", line)


def _prose_between(source):
    for cell, following in zip(source.cells, source.cells[1:], strict=False):
        if cell.is_prose or following.is_prose:
            continue
        pair = (cell.kind, following.kind) == ("exercise", "check") and cell.name == following.name
        if not pair:
            text = "follows a code cell without prose between; say what to look at"
            yield source.problem(following, text)


def _headings(source):
    level = 1  # the header that the build puts first
    for cell in source.of_kind("prose", "written"):
        fenced = False
        for number, line in enumerate(cell.source.split("\n"), start=1):
            fenced ^= line.startswith("```")
            match = None if fenced else re.match(r"(#{1,6})\s", line)
            if not match:
                continue
            deeper = len(match[1])
            if deeper == 1:
                text = "a second H1; the build makes the title from syllabus.toml, begin with ##"
                yield source.problem(cell, text, number)
            elif deeper > level + 1:
                text = f"heading level {deeper} after level {level}; do not skip a level"
                yield source.problem(cell, text, number)
            level = deeper


def _alt_texts(source):
    seen = set()
    for cell in source.cells:
        if cell.is_prose:
            continue
        for call in _calls(python(cell)):
            if ast.unparse(call.func) not in ("show", "figures.show"):
                continue
            alt = next((word.value for word in call.keywords if word.arg == "alt"), None)
            text = _alt_problem(alt, seen)
            if text:
                yield source.problem(cell, text, call.lineno)


def _alt_problem(alt, seen):
    if alt is None:
        return "show without alt text; say in alt= what is seen"
    if not isinstance(alt, ast.Constant):
        return None if isinstance(alt, ast.JoinedStr | ast.Name) else "alt is a text"
    if len(str(alt.value).strip()) < SHORTEST_ALT_TEXT:
        return f"alt text under {SHORTEST_ALT_TEXT} characters; say what is seen"
    if alt.value in seen:
        return "the same alt text as another figure; say what is seen in this one"
    seen.add(alt.value)
    return None


def _calls(code):
    return [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]


def _semicolons(source):
    for cell in source.cells:
        if cell.is_prose or not cell.source:
            continue
        previous = None
        for token in tokenize.generate_tokens(io.StringIO(python(cell) + "\n").readline):
            if token.type in (tokenize.NEWLINE, tokenize.COMMENT) and previous == ";":
                text = "ends with `;`, which hides output; end with show(…)"
                yield source.problem(cell, text, token.start[0])
            previous = token.string


def _plain_checks(source):
    """Require that plain checks only name the answer: in another process they have none."""
    exercises = {cell.name: cell for cell in source.of_kind("exercise")}
    for cell in source.of_kind("check"):
        if cell.options.get("transport") != "plain" or cell.name not in exercises:
            continue
        answers = set(definitions(exercises[cell.name].source))
        tree = ast.parse(cell.source)
        named_to_t = {
            id(argument)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and _is_vocabulary(call.func)
            for argument in (*call.args, *(word.value for word in call.keywords))
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in answers and id(node) not in named_to_t:
                text = (
                    f"a plain check touches {node.id!r} other than as an argument of t.…(); "
                    f'write t.call({node.id}, …), or transport="object"'
                )
                yield source.problem(cell, text, node.lineno)


def _names_of_checks(source):
    """Require that what a check defines is used by that check alone.

    Then a check can run without the others: in proofs, and when a class is graded.
    """
    code = [cell for cell in source.cells if not cell.is_prose]
    bound = {id(cell): defined_names(python(cell)) for cell in code}
    used = {id(cell): used_names(python(cell)) for cell in code}
    elsewhere = set().union(*(bound[id(cell)] for cell in code if cell.kind != "check"))
    for check in source.of_kind("check"):
        private = bound[id(check)] - elsewhere
        for cell in code:
            own = set() if cell is check else private - bound[id(cell)]
            for name in sorted(own & used[id(cell)]):
                nodes = ast.walk(ast.parse(python(cell)))
                line = next(n.lineno for n in nodes if isinstance(n, ast.Name) and n.id == name)
                text = (
                    f"uses {name!r}, which only the check of {check.name!r} defines; "
                    "define it in a cell of its own"
                )
                yield source.problem(cell, text, line)


def _is_vocabulary(function):
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "t"
    )


def _graded_cells(source):
    graded = source.of_kind("check", "written")
    if len(graded) > MOST_GRADED_CELLS:
        text = f"graded cell {len(graded)}; a notebook has at most {MOST_GRADED_CELLS}"
        yield source.problem(graded[-1], text)


def _objectives(source, syllabus):
    row = syllabus.notebook(source.notebook)
    for cell in source.of_kind("exercise"):
        id_ = cell.options.get("objective")
        if id_ is None:
            if row.objectives:
                yield source.problem(
                    cell, 'an exercise needs objective="…", an id of syllabus.toml'
                )
            continue
        known = syllabus.objectives.get(id_)
        if known is None:
            yield source.problem(cell, f"unknown objective {id_!r}; ids are in syllabus.toml")
        elif known.alias_of:
            yield source.problem(cell, f"{id_} is an alias; write {known.alias_of}")
        elif id_ not in row.objectives:
            text = f"objective {id_} is not in this notebook's row of syllabus.toml"
            yield source.problem(cell, text)


def _given_from(source, sources):
    for cell in source.of_kind("given_from"):
        if "." in cell.name and solution_cell(cell.name, source.notebook, sources) is None:
            yield source.problem(cell, f"there is no solution {cell.name!r} in any source")


def _leaks(sources):
    """Find solutions and hidden tests that their own or an earlier released notebook shows."""
    shown = []  # the released text of the notebooks so far
    for source in sources.values():
        shown += [(source, cell, _squeezed(released(cell))) for cell in source.cells]
        for cell in source.of_kind("exercise", "check"):
            for piece in _pieces(cell):
                for where, other, text in shown:
                    if piece in text:
                        what = f"{where.path}, {other.label}, shows part of it to learners"
                        yield source.problem(cell, f"leak: {what}: {piece[:60]}")


def _pieces(cell):
    """Cut out what must not be seen, without white space.

    Of a solution the whole and every longer line; of hidden tests only the whole, because they
    repeat lines of the visible test.
    """
    is_exercise = cell.kind == "exercise"
    texts = regions(cell.source, "SOLUTION" if is_exercise else "HIDDEN TESTS")
    pieces = {_squeezed(text) for text in texts}
    pieces = {piece for piece in pieces if len(piece) >= SHORTEST_LEAK}
    if is_exercise:
        lines = {_squeezed(line) for text in texts for line in text.split("\n")}
        pieces |= {line for line in lines if len(line) >= SHORTEST_LEAKED_LINE}
    return sorted(pieces)


def _squeezed(text):
    return "".join(text.split())


def _terms(sources):
    seen = {}
    for source in sources.values():
        for entry in entries(source):
            term = entry.term.lower()
            if term in seen:
                text = f"{entry.term!r} is already defined in {seen[term]}; define a term once"
                yield source.problem(entry.cell, text, entry.line)
            seen.setdefault(term, source.path)


def _repeated_exercises(sources):
    """Find names of exercises that stand twice in the course: tries are counted by name."""
    seen = {}
    for source in sources.values():
        for cell in source.of_kind("exercise"):
            if cell.name in seen:
                text = f"exercise {cell.name!r} is already in {seen[cell.name]}; take another name"
                yield source.problem(cell, text)
            seen.setdefault(cell.name, source.path)
