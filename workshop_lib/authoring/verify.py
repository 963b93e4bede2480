"""Prove the checks: right answers get full marks, wrong ones get points off and feedback."""

import ast
import hashlib
import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import workshop_lib
from workshop_lib.authoring.answers import HARDCODED, RIGHT, WRONG, Answer, read_answers
from workshop_lib.authoring.build import read_sources
from workshop_lib.authoring.expand import expand
from workshop_lib.authoring.lint import lint
from workshop_lib.authoring.solved import grade_solved
from workshop_lib.authoring.source import released
from workshop_lib.authoring.syllabus import load
from workshop_lib.cells import write_bytes
from workshop_lib.checks.report import NOT_ATTEMPTED
from workshop_lib.errors import WorkshopError
from workshop_lib.execution import GRADING_SEEDS
from workshop_lib.grading import runner
from workshop_lib.grading.replay import defined_names, needed_cells

BLANK = "blank"
LIBRARY = Path(workshop_lib.__file__).parent
CACHE = Path(".cache") / "verify"
NEVER_MET = ("authoring", "cli", "grading")
"""Folders of the library which no answer and no check can meet, apart from what runs them."""
RUNS_JOBS = ("__init__", "channel", "isolation", "jobs", "runner", "shell", "zygote")
"""Modules of the folder `grading` that run an author's jobs, and so may change their results."""


@dataclass(frozen=True)
class Trial:
    """One answer before its check.

    Attributes
    ----------
    notebook : str
    answer : Answer
    max_points : float
    transport : str
    job : runner.Job
        Answer and check in one process.
    separate_job : runner.Job or None
        For plain checks: the answer in another process.
    """

    notebook: str
    answer: Answer
    max_points: float
    transport: str
    job: runner.Job
    separate_job: runner.Job | None


@dataclass(frozen=True)
class Row:
    """What was found about one exercise; counts are (as expected, all)."""

    notebook: str
    exercise: str
    transport: str
    wrong: tuple
    right: tuple
    blank: tuple
    hardcoded: tuple
    separate: tuple


def verify(
    root,
    unit=None,
    *,
    workers=2,
    seeds=GRADING_SEEDS,
    use_cache=True,
    graded=False,
    on_result=None,
):
    """Run every answer of a course or unit against its check.

    Parameters
    ----------
    root : path-like
        Folder of the course.
    unit : str, optional
        A unit, or ``unit/notebook``.
    workers : int
        Children that run at a time.
    seeds : sequence of int
        Seeds of the data that the checks make.
    use_cache : bool
        Take results of answers, checks and library that have not changed from ``.cache``.
    graded : bool
        Grade the solved notebooks, too, as `workshop grade` does.
    on_result : callable, optional
        Called with (number done, number in all) after every job and every solved notebook.

    Returns
    -------
    rows : list of Row
        One for every exercise.
    problems : list of str
        What an author has to put right; empty when every check is proved.

    Raises
    ------
    WorkshopError
        If there is no such source, or `workshop build` would refuse one.
    """
    root = Path(root)
    notebooks, trials, problems = collect_trials(root, unit)
    if not trials:
        raise WorkshopError(
            f"There is no source for {unit!r} in solutions/; name a unit or unit/notebook."
        )
    total = sum(1 + bool(trial.separate_job) for trial in trials) + graded * len(notebooks)

    def report(done):
        if on_result:
            on_result(done, total)

    results = run_cached(root, trials, workers, seeds, use_cache, report)
    verdicts = [(trial, judge(trial, results)) for trial in trials]
    problems += [
        f"{trial.notebook}, {trial.answer.exercise}, {trial.answer.kind} answer "
        f"'{trial.answer.name}': {verdict}"
        for trial, found in verdicts
        for verdict in found.values()
        if verdict
    ]
    if graded:
        problems += grade_solved(
            root,
            notebooks,
            library_digest(root),
            workers=workers,
            seeds=seeds,
            use_cache=use_cache,
            on_result=lambda done: report(len(results) + done),
        )
    return summarise(verdicts), problems


def collect_trials(root, unit=None):
    """Pair every answer with the cells and the check that it needs.

    Returns
    -------
    notebooks : dict of str to expand.Built
        The solved notebooks, without outputs.
    trials : list of Trial
    problems : list of str
    """
    syllabus = load(root)
    sources, faults = read_sources(root, syllabus)
    rows = [row for row in syllabus.notebooks() if unit in (None, row.unit, row.name)]
    faults += lint(sources, syllabus, {row.name for row in rows})
    notebooks, trials, problems = {}, [], []
    for row in rows:
        if row.name not in sources:
            continue
        source = sources[row.name]
        _refuse([fault for fault in faults if fault.file == source.path])
        answers, found = read_answers(root / "tests" / "answers" / f"{row.name}.py", root)
        problems += [f"{each.file}, {each.cell}: {each.text}" for each in found]
        notebooks[row.name] = built = expand(source, row, syllabus, sources)
        trials += trials_of(source, built, answers)
        problems += [f"{row.name}: {text}" for text in gaps(source, answers)]
    return notebooks, trials, problems


def _refuse(faults):
    for fault in faults:
        raise WorkshopError(
            f"{fault.file}:{fault.line}, {fault.cell}: {fault.text}. "
            "`workshop build --check` lists all problems; put them right first."
        )


def gaps(source, answers):
    """Name exercises without the answers that they need, and answers without an exercise."""
    exercises = [cell.name for cell in source.of_kind("exercise")]
    for name in exercises:
        for kind in (WRONG, RIGHT, HARDCODED):
            if not any(a.exercise == name and a.kind == kind for a in answers):
                yield f"{name} has no {kind} answer"
    for answer in answers:
        if answer.exercise not in exercises:
            yield f"the answer '{answer.name}' belongs to {answer.exercise}, which is not there"


def trials_of(source, built, answers):
    """Make the trials of one notebook: the solution, the blank stub, and the written answers."""
    code = [
        (origin, node.source)
        for node, (origin, _) in zip(built.notebook.cells, built.origins)
        if node.cell_type == "code" and not node.source.startswith("%")
    ]
    sources = [text for _, text in code]
    place = {(origin.kind, origin.name): i for i, (origin, _) in enumerate(code)}
    checks = {i for (kind, _), i in place.items() if kind == "check"}
    for exercise in source.of_kind("exercise"):
        target, check = place["exercise", exercise.name], place["check", exercise.name]
        own = [
            Answer(exercise.name, RIGHT, "the solution", exercise.source),
            Answer(exercise.name, BLANK, "the stub", released(exercise)),
            *(answer for answer in answers if answer.exercise == exercise.name),
        ]
        # What a check cell defines is its own (see `lint`), so no other check has to run.
        check_needs = [*needed_cells(sources, check, without={target, *checks}), check]
        options = code[check][0].options
        for answer in own:
            cells = [*sources[:target], answer.source, *sources[target + 1 :]]
            answer_needs = [*needed_cells(cells, target, without=checks), target]
            together = runner.Job(
                key=f"{source.notebook} {answer.exercise} {answer.kind} {answer.name}",
                answer_cells=tuple(cells[i] for i in answer_needs),
                check_cells=tuple(cells[i] for i in check_needs if i not in answer_needs),
            )
            separate = replace(
                together,
                key=f"{together.key} (another process)",
                answer_names=tuple(sorted(defined_names(sources[target]))),
                check_cells=tuple(cells[i] for i in check_needs),
                separate=True,
            )
            yield Trial(
                source.notebook,
                answer,
                float(options["points"]),
                options["transport"],
                together,
                separate if options["transport"] == "plain" else None,
            )


def judge(trial, results):
    """Compare a trial's results with what its kind of answer must get; None where all is well."""
    result = results[trial.job.key]
    found = {"answer": complaint(trial, result)}
    if trial.separate_job:
        apart = results[trial.separate_job.key]
        found["separate"] = (
            None
            if outline(apart) == outline(result)
            else f"in another process it got {outline(apart)}, in the same {outline(result)}"
        )
    return found


def settled(trial, results):
    """Yield the jobs of a trial whose results are there and as they must be."""
    result = results.get(trial.job.key)
    if result is None or complaint(trial, result):
        return
    yield trial.job
    apart = results.get(trial.separate_job.key) if trial.separate_job else None
    if apart and outline(apart) == outline(result):
        yield trial.separate_job


def outline(result):
    """Return points, state and misconceptions of a result, or its problem."""
    report = result["report"]
    if report is None:
        return result["problem"]
    return report["points"], report["state"], report["misconceptions"]


def complaint(trial, result):
    """Say why a result is not what this kind of answer must get, or return None."""
    report, answer = result["report"], trial.answer
    if report is None:
        return f"the check did not end with a report: {result['problem']}"
    points, full = report["points"], trial.max_points
    failed = "; ".join(f"{i['name']}: {i['message']}" for i in report["items"] if i["message"])
    if answer.kind == RIGHT and points != full:
        return f"must get {full:g} points, got {points:g} ({failed})"
    if answer.kind == BLANK and (points, report["state"]) != (0, NOT_ATTEMPTED):
        return f"must get 0 points and 'not attempted', got {points:g} and '{report['state']}'"
    if answer.kind in (WRONG, HARDCODED) and points >= full:
        return "must not get full marks"
    if answer.kind == WRONG and answer.name not in report["misconceptions"]:
        return f"must be told about '{answer.name}', was told {report['misconceptions']} ({failed})"
    return None


def summarise(verdicts):
    """Count, for every exercise, how many answers of each kind did what they must."""
    rows = {}
    for trial, found in verdicts:
        key = (trial.notebook, trial.answer.exercise)
        row = rows.setdefault(key, {"transport": trial.transport, "kinds": {}})
        for kind, verdict in (
            (trial.answer.kind, found["answer"]),
            ("separate", found.get("separate")),
        ):
            if kind == "separate" and "separate" not in found:
                continue
            good, total = row["kinds"].get(kind, (0, 0))
            row["kinds"][kind] = (good + (verdict is None), total + 1)
    return [
        Row(
            notebook,
            exercise,
            row["transport"],
            *(
                row["kinds"].get(kind, (0, 0))
                for kind in (WRONG, RIGHT, BLANK, HARDCODED, "separate")
            ),
        )
        for (notebook, exercise), row in rows.items()
    ]


def run_cached(root, trials, workers, seeds, use_cache, on_result):
    """Run the jobs whose answer, check or library changed; take the others from the cache."""
    library = library_digest(root)
    pairs = [(trial.notebook, job) for trial in trials for job in (trial.job, trial.separate_job)]
    pairs = [(notebook, job) for notebook, job in pairs if job]
    names = {job.key: digest_of(library, seeds, job) for _, job in pairs}
    notebooks = dict.fromkeys(notebook for notebook, _ in pairs)
    cache = {name: read_cache(root, name, library) if use_cache else {} for name in notebooks}
    results = {
        job.key: cache[notebook][names[job.key]]
        for notebook, job in pairs
        if names[job.key] in cache[notebook]
    }
    todo = [job for _, job in pairs if job.key not in results]

    def keep(key, result):
        results[key] = result
        if on_result:
            on_result(len(results))

    try:
        runner.run(
            todo, modules=preload_modules(todo), workers=workers, seeds=seeds, on_result=keep
        )
    finally:
        # A run that is stopped keeps what it has found. What is not as it must be may come from a
        # busy machine: it is looked at again.
        for trial in trials:
            for job in settled(trial, results):
                cache[trial.notebook][names[job.key]] = results[job.key]
        for notebook, kept in cache.items():
            write_cache(root, notebook, library, kept)
    return results


def preload_modules(jobs):
    """List what the cells of the jobs import, so that it is imported once."""
    modules = {"workshop_lib.checks.session"}
    for job in jobs:
        for source in (*job.check_cells, *job.answer_cells):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    modules |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    modules |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return sorted(modules)


def library_digest(root):
    """Name the state of Python, the library, the data and the lock file."""
    digest = hashlib.sha256(sys.version.encode())
    for folder, pattern in ((LIBRARY, "*.py"), (root / "datasets", "*"), (root, "constraints.txt")):
        for path in sorted(folder.rglob(pattern) if folder != root else folder.glob(pattern)):
            part = path.relative_to(folder)
            runs_jobs = part.parts[0] == "grading" and part.stem in RUNS_JOBS
            if path.is_file() and (runs_jobs or part.parts[0] not in NEVER_MET):
                digest.update(part.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def digest_of(library, seeds, job):
    """Name a job by everything that its result depends on."""
    content = json.dumps([library, list(seeds), asdict(job)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def read_cache(root, notebook, library):
    """Read earlier results with this library; a damaged or older cache counts as empty."""
    try:
        cache = json.loads((root / CACHE / f"{notebook}.json").read_text())
        return dict(cache["results"]) if cache["library"] == library else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def write_cache(root, notebook, library, results):
    """Keep results for the next time; one file a notebook, so that two runs do not meet."""
    content = json.dumps({"library": library, "results": results})
    write_bytes(root / CACHE / f"{notebook}.json", content.encode())
