"""Build both notebooks of every source: ``workshop build``."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from workshop_lib.authoring import coverage, glossary, lint, seal
from workshop_lib.authoring.expand import expand
from workshop_lib.authoring.release import release, written_form
from workshop_lib.authoring.source import Problem, read
from workshop_lib.authoring.syllabus import load
from workshop_lib.cells import write_bytes


@dataclass(frozen=True)
class Result:
    """What a build did.

    Attributes
    ----------
    executed, unchanged, unwritten : tuple of str
        Notebooks that were run, that were left as they are, and that have no source yet.
    problems : tuple of Problem
        What authors have to put right; the notebooks concerned were not written.
    """

    executed: tuple
    unchanged: tuple
    unwritten: tuple
    problems: tuple


@dataclass
class _Job:
    """One notebook on its way: the built cells, and the files as they are now."""

    row: object
    source: object
    built: object
    solution_path: Path
    release_path: Path
    problems: list = field(default_factory=list)


def read_sources(root, syllabus):
    """Read every source that exists.

    Parameters
    ----------
    root : path-like
    syllabus : Syllabus

    Returns
    -------
    sources : dict of str to Source
        By ``unit/file``, in the order of the syllabus.
    problems : list of Problem
    """
    root = Path(root)
    sources, problems = {}, []
    for row in syllabus.notebooks():
        path = root / "solutions" / f"{row.name}.py"
        if path.is_file():
            sources[row.name], found = read(path, root, row.name)
            problems += found
    known = {row.name for row in syllabus.notebooks()}
    for path in sorted((root / "solutions").glob("*/*.py")):
        if f"{path.parent.name}/{path.stem}" not in known:
            text = "is not in syllabus.toml; add a row or rename the file"
            problems.append(Problem(path.relative_to(root).as_posix(), "", 1, text))
    return sources, problems


def build(root, unit=None, *, check=False, jobs=1, force=False, progress=None):
    """Build the notebooks of a course.

    A notebook is executed only when its code or the lock file changed since its outputs were
    made; everything but outputs is made anew each time, which takes milliseconds. Pages made from
    all sources stay as they are while a source has a problem.

    Parameters
    ----------
    root : path-like
        Folder of the course, with ``syllabus.toml`` and ``solutions/``.
    unit : str, optional
        Only this unit, or the notebook ``unit/notebook``.
    check : bool
        Write and execute nothing; every file that a build would change is a problem.
    jobs : int
        Kernels at the same time.
    force : bool
        Execute unchanged notebooks too, for example after a change of the library.
    progress : callable, optional
        Called with a text and a total at the start, then with the name of each finished run.

    Returns
    -------
    Result

    Raises
    ------
    WorkshopError
        If the syllabus cannot be read or has no such unit.
    """
    root = Path(root)
    read_before = seal.of_what_is_read(root)
    syllabus = load(root)
    rows = syllabus.notebooks(unit)
    if not force and seal.holds(root):
        written = [r.name for r in rows if (root / "solutions" / f"{r.name}.py").is_file()]
        unwritten = [row.name for row in rows if row.name not in written]
        return Result((), tuple(written), tuple(unwritten), ())
    sources, problems = read_sources(root, syllabus)
    problems += lint.lint(sources, syllabus, {row.name for row in rows})
    wrong = {problem.file for problem in problems}
    chosen = [row for row in rows if row.name in sources]
    lock = lock_hash(root)
    todo = [
        _job(root, row, sources, syllabus, lock)
        for row in chosen
        if sources[row.name].path not in wrong
    ]
    if unit is not None:
        own = {f"solutions/{row.name}.py" for row in rows}
        problems = [each for each in problems if each.file in own]
    stale = [job for job in todo if force or not _reuse_outputs(job)]
    if check:
        problems += [_stale(job) for job in stale]
    else:
        problems += _execute(stale, jobs, progress)
    done = [job for job in todo if not (job.problems or (check and job in stale))]
    for job in done:
        released = release(job.built.notebook)
        problems += _put(root, job.solution_path, written_form(job.built.notebook), check)
        problems += _put(root, job.release_path, written_form(released), check)
    if not wrong:
        for path, text in _pages(root, syllabus, sources):
            problems += _put(root, path, text, check)
        problems += _put_course_table(root, syllabus, sources, check)
    if unit is None and not problems:
        seal.keep(root, read_before)
    return Result(
        executed=tuple(job.row.name for job in stale if not check),
        unchanged=tuple(job.row.name for job in todo if job not in stale),
        unwritten=tuple(row.name for row in rows if row.name not in sources),
        problems=tuple(problems),
    )


def lock_hash(root):
    """Hash of the lock file ``constraints.txt``, on which outputs depend.

    Returns
    -------
    str
        Sixteen hex digits; those of an empty text while there is no lock file.
    """
    path = Path(root) / "constraints.txt"
    text = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(text).hexdigest()[:16]


def code_hash(notebook):
    """Hash of everything that is executed: the code cells in order.

    Returns
    -------
    str
        Sixteen hex digits.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()[:16]


def _job(root, row, sources, syllabus, lock):
    source = sources[row.name]
    built = expand(source, row, syllabus, sources)
    built.notebook.metadata["workshop"] = {
        "code": code_hash(built.notebook),
        "lock": lock,
        "notebook": row.name,
    }
    return _Job(
        row,
        source,
        built,
        root / "solutions" / f"{row.name}.ipynb",
        root / "notebooks" / f"{row.name}.ipynb",
    )


def _reuse_outputs(job):
    """Take over the outputs of the file if its code and lock are these; tell whether they are."""
    import nbformat

    try:
        old = nbformat.reads(job.solution_path.read_text(encoding="utf-8"), as_version=4)
    except (OSError, ValueError):
        return False
    now = job.built.notebook
    before = old.metadata.get("workshop", {})
    if any(before.get(key) != now.metadata["workshop"][key] for key in ("code", "lock")):
        return False
    old_cells = [cell for cell in old.cells if cell.cell_type == "code"]
    new_cells = [cell for cell in now.cells if cell.cell_type == "code"]
    if len(old_cells) != len(new_cells):
        return False
    for old_cell, cell in zip(old_cells, new_cells, strict=True):
        cell.outputs, cell.execution_count = old_cell.outputs, old_cell.execution_count
    return True


def _execute(jobs_to_run, jobs, progress):
    """Run solution and release of each job; put the outputs in; return the problems."""
    if not jobs_to_run:
        return []
    from workshop_lib.authoring.run import lost_points, run_all

    runs = {}
    for number, job in enumerate(jobs_to_run):
        runs[number, "solution"] = job.built.notebook
        runs[number, "release"] = release(job.built.notebook)
    if progress:
        progress(None, len(runs))
    results = run_all(
        runs,
        jobs,
        lambda key: progress and progress(f"{jobs_to_run[key[0]].row.name} ({key[1]})", None),
    )
    for (number, version), (executed, failure) in results.items():
        job = jobs_to_run[number]
        if version == "solution":
            failure = failure or lost_points(executed)
        if failure and not job.problems:  # both versions often fail for the same reason
            job.problems.append(_failed(job, version, failure))
        elif version == "solution" and not failure:
            for cell, run in zip(job.built.notebook.cells, executed.cells, strict=True):
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = run.outputs, run.execution_count
    return [problem for job in jobs_to_run for problem in job.problems]


def _failed(job, version, failure):
    cell, lines_before = job.built.origins[failure.index]
    what = f"the {version} notebook {failure.text}"
    if cell is None:
        return Problem(job.source.path, "header", 1, what)
    return job.source.problem(cell, what, max(1, failure.line - lines_before))


def _stale(job):
    text = "was changed after its notebook was built; run `workshop build`"
    return Problem(job.source.path, "", 1, text)


def _put(root, path, text, check):
    """Write a file if its text differs; when checking, return a problem in its stead."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return []
    except (OSError, UnicodeDecodeError):
        pass
    if check:
        name = path.relative_to(root).as_posix()
        return [Problem(name, "", 1, "differs from what `workshop build` makes; run it")]
    write_bytes(path, text.encode())
    return []


def _pages(root, syllabus, sources):
    """Yield path and text of the pages made from all sources."""
    yield root / "docs" / "glossary.md", glossary.glossary_page(sources, syllabus)
    yield root / "docs" / "misconceptions.md", glossary.misconceptions_page(sources, syllabus)


def _put_course_table(root, syllabus, sources, check):
    path = root / "README.md"
    if not path.is_file():
        return []
    try:
        text = coverage.with_course_table(path.read_text(encoding="utf-8"), syllabus, sources)
    except ValueError as error:
        return [Problem("README.md", "", 1, str(error))]
    return _put(root, path, text, check)
