"""Trying out what is not registered: the same walk and the same processing, of which nothing is kept (C233, C244).

Repositories are fetched to a place of their own, one commit deep, and removed when the answer is there: a trial neither
waits for a look nor holds one up, and leaves nothing behind.
"""

import shutil
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from syncd.errors import CatalogError, ConflictError, InputError, NotFoundError, UnavailableError, UnfitError
from syncd.git import Mirror, Mirrors
from syncd.locations import Registry, registration
from syncd.model.document import Document, ProcessedEntity
from syncd.model.json import JsonObject
from syncd.model.location import Location, Target
from syncd.model.problem import Problem
from syncd.model.reading import Reading
from syncd.model.source import Branch, Source
from syncd.model.url import UrlError
from syncd.process.context import Context
from syncd.process.entity import process
from syncd.process.targets import location_targets
from syncd.walk.files import Beside, Found, searchable
from syncd.walk.known import Known
from syncd.walk.walk import TOO_DEEP, Surroundings, Walk, Walker
from syncd.watched import Phase

AT_ONCE = 4
"""Trials under way at the same time; one more is refused."""

REPOSITORIES = 32
"""Branches that one trial fetches."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a location would bring; `entities` are processed, without relations, the generated Location first."""

    location: Location
    exists: bool
    entities: tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """What a trial does now, and how far the repository is, 0 to 99, that it fetches; None where nobody can tell."""

    phase: Phase
    percent: int | None


class Trials:
    """Runs trials, each in a folder below `folder`. Thread-safe; every call takes as long as its fetches."""

    def __init__(self, mirrors: Mirrors, around: Surroundings, registry: Registry, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)  # of a daemon that was killed
        self._mirrors = mirrors
        self._around = around
        self._registry = registry
        self._folder = folder
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._running: set[Mirrors] = set()
        self._named: dict[str, _Run] = {}
        self._closed = False

    def close(self) -> None:
        """End the fetches of trials under way; they raise."""
        self._closed = True
        for mirrors in list(self._running):
            mirrors.close()

    def location(self, target: str, *, owner: bool) -> Trial:
        """Read what a URL leads to, without registering it.

        Raises what registering raises, `UnfitError` with all that is wrong in the files, InputError for a ref that is
        there twice (C234), `UnavailableError` when too many trials are under way.
        """
        location = Location("", "url", target)
        self._registry.check(location, owner=owner)
        with self._begin() as run:
            reading = run.walk(location).reading
        _refuse([*_document_problems(reading), *(entry.problem for entry in reading.problems)])
        found = [
            (document.ref, orjson.loads(document.entity))
            for part in (registration(location, self._around.hosts), reading)
            for file in part.files
            for document in file.documents
            if document.entity is not None
        ]
        twice = [ref for ref, count in Counter(ref for ref, _ in found).items() if count > 1]
        if twice:
            raise InputError(f"{', '.join(twice)} would be there twice", hint="rename one of the two")
        return Trial(location, self._registry.has(location), tuple(entity for _, entity in found))

    def reading(self, location: Location, *, name: str = "", owner: bool) -> Reading:
        """All that a location leads to, with what is wrong in it; `progress` tells of it by its name meanwhile.

        Raises what registering raises, `UnavailableError` when too many trials are under way, and `ConflictError` when
        one of that name is.
        """
        self._registry.check(location, owner=owner)
        with self._begin() as run, self._called(name, run):
            return run.walk(location).reading

    def progress(self, name: str) -> TrialProgress:
        """How far the trial of this name is; `NotFoundError` where none is under way, not yet or no longer."""
        run = self._named.get(name)
        if run is None:
            raise NotFoundError(f"no trial {name} is under way")
        return run.progress

    def entity(self, data: JsonObject, url: str, *, owner: bool) -> None:
        """Process an entity as if it stood in the file at `url`; files are fetched where it asks for some (C244).

        Raises `UnfitError` with all that is wrong with it, `UnavailableError` when too many trials are under way.
        """
        location = Location("", "url", url)
        with self._begin() as run:
            outcome = _Posted(location, self._around, run, lambda: self._registry.check(location, owner=owner)).read(
                data
            )
            if not isinstance(outcome, ProcessedEntity):
                raise UnfitError(outcome)
            if any(
                target.repository == _source(location, self._around).branch.repository for target in outcome.targets
            ):
                self._registry.check(location, owner=owner)
            _refuse([*outcome.problems, *(flaw for target in outcome.targets for flaw in run.target_problems(target))])

    @contextmanager
    def _called(self, name: str, run: "_Run") -> Iterator[None]:
        if name and self._named.setdefault(name, run) is not run:
            raise ConflictError(f"a trial {name} is under way", hint="give each trial a name of its own")
        try:
            yield
        finally:
            self._named.pop(name, None)

    @contextmanager
    def _begin(self) -> Iterator["_Run"]:
        if self._closed or not self._turns.acquire(blocking=False):
            raise UnavailableError(f"{AT_ONCE} trials are under way", hint="try again in a moment")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
                mirrors = self._mirrors.apart(Path(folder))
                self._running.add(mirrors)
                try:
                    yield _Run(mirrors, self._around)
                finally:
                    self._running.discard(mirrors)
                    mirrors.close()
        finally:
            self._turns.release()


class _Run:
    """One trial with what it fetched."""

    def __init__(self, mirrors: Mirrors, around: Surroundings) -> None:
        self._mirrors = mirrors
        self._troubles: dict[tuple[str, str], Problem] = {}
        self._fetched: set[tuple[str, str]] = set()
        self._fetching: Mirror | None = None
        self._around = replace(around, mirror=mirrors.open, trouble=self._trouble, keep_orphans=False)

    @property
    def progress(self) -> TrialProgress:
        """What it does now."""
        mirror = self._fetching
        return TrialProgress("fetching", mirror.percent) if mirror else TrialProgress("reading", None)

    def walk(self, location: Location, *, depth: int | None = None) -> Walk:
        """Walk, fetch what that asks for, and walk again until nothing new is asked for."""
        around = self._around
        if depth is not None:
            around = replace(around, limits=replace(around.limits, depth=depth))
        targets = location_targets(location, around.hosts)
        asked = {(t.repository, t.revision) for t in targets} if isinstance(targets, list) else set()
        while True:
            self._fetch(asked)
            walk = Walker(location, Known.nothing(), (), around).run()
            asked = set(walk.asked)
            if asked <= self._fetched:
                return walk

    def target_problems(self, target: Target) -> Iterator[Problem]:
        """Why the files of a target cannot be read. Their entities are looked at when they are processed."""
        location = Location("", "git", target.repository, target.revision, (target.pattern,))
        reading = self.walk(location, depth=0).reading
        for entry in reading.problems:
            is_meant = entry.problem.code != TOO_DEEP and (
                target.required or entry.problem.code != "location.not_found"
            )
            if is_meant and entry.parent == location.entity_ref:
                yield entry.problem
        for problem in _document_problems(reading):
            if problem.code.startswith(("parse.", "file.")):
                yield problem

    def beside(self, file: Source) -> Beside:
        """Files of the branch of a file."""
        self._fetch({(file.branch.repository, file.branch.ref)})
        mirror = self._mirrors.open(file.branch.repository)
        trouble = self._trouble(mirror.url, file.branch.ref)
        head = mirror.heads([file.branch.ref]).get(file.branch.ref)
        if head is None or trouble is not None:
            raise UnfitError([trouble or Problem("git.ref_missing", f"{mirror.url} has no {file.branch.ref}")])
        return Beside(mirror, Found(file, "", head.commit, "", ""), self._around.limits.file_bytes)

    def _trouble(self, repository: str, revision: str) -> Problem | None:
        return self._troubles.get((repository, revision))

    def _fetch(self, asked: Iterable[tuple[str, str]]) -> None:
        wanted: defaultdict[str, list[str]] = defaultdict(list)
        for url, revision in sorted(set(asked) - self._fetched):
            wanted[url].append(revision)
            self._fetched.add((url, revision))
        if len(self._fetched) > REPOSITORIES:
            raise InputError(
                f"a trial follows at most {REPOSITORIES} branches", hint="register it and see catalog errors"
            )
        for url, revisions in wanted.items():
            self._fetch_one(url, revisions)

    def _fetch_one(self, url: str, revisions: Sequence[str]) -> None:
        try:
            mirror = self._mirrors.open(url)
        except CatalogError:
            return  # the walk says so itself
        self._fetching = mirror
        try:
            missing = mirror.fetch(revisions).missing
        except CatalogError as error:
            problem = Problem(error.code, f"{url}: {error}", hint=error.hint, name="ServiceUnavailableError")
            self._troubles |= {(mirror.url, revision): problem for revision in revisions}
            return
        finally:
            self._fetching = None
        for revision in missing:
            message = f"{url} has no branch or tag {revision}" if revision else f"{url} has no default branch"
            self._troubles[mirror.url, revision] = Problem("git.ref_missing", message, name="NotFoundError")


class _Posted:
    """An entity that came by call, read as if it stood in a file."""

    def __init__(self, location: Location, around: Surroundings, run: _Run, check: Callable[[], None]) -> None:
        self._location = location
        self._around = around
        self._run = run
        self._check = check
        self._source = _source(location, around)
        self._beside: Beside | None = None

    def read(self, data: JsonObject) -> ProcessedEntity | list[Problem]:
        """The entity, or what is wrong with it."""
        context = Context(
            location=self._location,
            source=self._source,
            url=self._location.target,
            origin_ref=self._location.location_ref,
            hosts=self._around.hosts,
            read=self._file,
            values=self._around.parser.values,
            line_of=lambda _: 0,
            allowed=self._around.rules.allowed_from(self._location),
            completion=self._around.completion,
            jq_fault=self._around.jq_fault,
        )
        outcome = process(Document(0, 0, "entity", data), context)
        return searchable(outcome, 0) if isinstance(outcome, ProcessedEntity) else outcome

    def _file(self, path: str) -> bytes | Problem:
        if self._beside is None:
            try:
                self._check()
                self._beside = self._run.beside(self._source)
            except UnfitError as error:
                return error.problems[0]
            except CatalogError as error:
                return Problem(error.code, str(error), hint=error.hint)
        return self._beside.read(path)


def _source(location: Location, around: Surroundings) -> Source:
    """Where the file of a URL is; nowhere for a URL that no host explains, which does no harm while nothing is read."""
    try:
        file = around.hosts.resolve(location.target)
    except UrlError:
        return Source(Branch(location.target, ""), "catalog-info.yaml")
    return Source(Branch(file.repository, file.revision), file.path)


def _document_problems(reading: Reading) -> list[Problem]:
    return [problem for file in reading.files for document in file.documents for problem in document.problems]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise UnfitError(list(dict.fromkeys(problems)))
