"""A walk: from a registered location, over the Location entities it leads to, to everything that it says now.

The first walk, the thousandth and a rebuild are the same code. A walk asks no remote: it reads what the mirrors hold,
and says which repositories it still wants. Its answer depends only on the commits, on the configuration and on the
last good versions that `state.sqlite` names.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field

from syncd.blueprints.definition import ProgramFault, any_program
from syncd.errors import CatalogError
from syncd.model.host import Hosts
from syncd.model.location import Location, Target
from syncd.model.pattern import Pattern, PatternError
from syncd.model.problem import Problem
from syncd.model.reading import ParentProblem, Reading
from syncd.model.retained import LastGood
from syncd.model.rules import Rules
from syncd.model.source import Branch, Source
from syncd.process.context import NOTHING_ADDED, Completion
from syncd.process.targets import location_targets
from syncd.walk.files import DocumentReader, FileRead, Found, Parser, Tree
from syncd.walk.known import Known, KnownFile
from syncd.walk.retention import Retention, file_reading

TOO_DEEP = "location.too_many_depth"
"""The problem of a target behind too many Location entities."""

REF_GONE = "git.ref_gone"
"""The trouble of a ref that its remote has not had for longer than the grace period: its files are gone (R19)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Fan-out of one registered location (R30) and size of one file (R14)."""

    depth: int = 5
    """Location entities between the registration and a file: `location_depth`."""
    files: int = 100_000
    """`matched_files`"""
    targets: int = 250_000
    """Targets followed in all: `location_descendants`."""
    file_bytes: int = 4 * 1024 * 1024


def untroubled(_repository: str, _revision: str) -> Problem | None:
    """Where no fetch was tried, none has failed."""
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every walk of a daemon shares."""

    hosts: Hosts
    parser: Parser
    mirror: Callable[[str], Tree]
    """The mirror of a clone URL; raises `CatalogError` where the URL may not be reached."""
    limits: Limits = Limits()
    rules: Rules = field(default_factory=Rules)
    """Which kinds may come from which location."""
    completion: Completion = NOTHING_ADDED
    """What is added to entities."""
    jq_fault: ProgramFault = any_program
    """What is wrong with a program in a Blueprint."""
    keep_orphans: bool = False
    trouble: Callable[[str, str], Problem | None] = untroubled
    """Why a repository's ref could not be fetched, if it was tried."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk found, and what it would have needed: clone URLs that no mirror holds yet."""

    reading: Reading
    asked: frozenset[tuple[str, str]]
    """(clone URL, revision) of every branch that this location's targets name."""
    wanted: frozenset[str]
    clean: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    target: Target
    parent: str
    depth: int
    inside: Branch | None = None
    """The branch of the file that asks, for a target that comes from a repository."""


@dataclass(slots=True)
class _Unreadable:
    """Branches about which this walk can say nothing: what is known of them stays (R19)."""

    commits: Container[Branch]
    revisions: set[tuple[str, str]] = field(default_factory=set)
    """(repository, revision) that no mirror holds."""
    branches: set[Branch] = field(default_factory=set)
    """Those whose files could not all be listed."""

    def __contains__(self, branch: object) -> bool:
        if not isinstance(branch, Branch) or branch in self.branches:
            return branch in self.branches
        return branch not in self.commits and any(
            repository == branch.repository and revision in ("", branch.ref, branch.short)
            for repository, revision in self.revisions
        )

    def __bool__(self) -> bool:
        return bool(self.revisions or self.branches)


@dataclass(slots=True)
class _Progress:
    commits: dict[Branch, str] = field(default_factory=dict)
    found: dict[Source, Found] = field(default_factory=dict)
    held: set[Source] = field(default_factory=set)
    """Those of `found` of which nothing but what is known can be said."""
    read: dict[Source, FileRead] = field(default_factory=dict)
    problems: dict[ParentProblem, None] = field(default_factory=dict)
    asked: set[tuple[str, str]] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    followed: int = 0
    beyond: set[tuple[str, str]] = field(default_factory=set)
    """(parent, limit) of what was said to be too much."""


class Walker:
    """One walk of one location."""

    def __init__(
        self, location: Location, known: Known, last_good: Sequence[LastGood], surroundings: Surroundings
    ) -> None:
        self._location = location
        self._known = known
        self._around = surroundings
        self._reader = DocumentReader(
            location,
            surroundings.hosts,
            surroundings.parser,
            surroundings.limits.file_bytes,
            surroundings.rules,
            surroundings.completion,
            surroundings.jq_fault,
        )
        self._retention = Retention(
            known, last_good, self._reader, surroundings.mirror, keep_orphans=surroundings.keep_orphans
        )
        self._progress = _Progress()
        self._unreadable = _Unreadable(self._progress.commits)

    def run(self) -> Walk:
        """Walk; raises `CatalogError` when a mirror cannot be read at all."""
        while (walk := self._walk()) is None:
            self._progress = _Progress()
            self._unreadable = _Unreadable(self._progress.commits)
        return walk

    def _walk(self) -> Walk | None:
        asked = self._roots()
        seen: set[tuple[str, Target]] = set()
        while asked:
            fresh = [ask for ask in asked if (ask.parent, ask.target) not in seen]
            seen.update((ask.parent, ask.target) for ask in fresh)
            asked = self._follow(fresh)
        return self._finish()

    def _roots(self) -> list[_Asked]:
        targets = location_targets(self._location, self._around.hosts)
        if isinstance(targets, Problem):
            self._problem(self._location.entity_ref, targets)
            return []
        return [_Asked(target, self._location.entity_ref, 0) for target in targets]

    def _follow(self, asked: Sequence[_Asked]) -> list[_Asked]:
        """Read the files of one level of targets; the answer is the next level."""
        new: dict[str, list[tuple[Found, int]]] = defaultdict(list)
        for ask in asked:
            for found in self._files(ask):
                if found.source in self._progress.found:
                    continue
                if len(self._progress.found) >= self._around.limits.files:
                    self._limit(ask, "files", "matched_files", self._around.limits.files)
                    break
                self._progress.found[found.source] = found
                new[found.source.branch.repository].append((found, ask.depth))
        below: list[_Asked] = []
        for repository, level in new.items():
            below.extend(self._read(repository, level))
        return below

    def _read(self, repository: str, level: Sequence[tuple[Found, int]]) -> list[_Asked]:
        readable = [found for found, _ in level if found.source not in self._progress.held]
        for read in self._changed(repository, readable):
            self._progress.read[read.found.source] = self._retention.with_broken(self._around.mirror(repository), read)
        below: list[_Asked] = []
        for found, depth in level:
            source = found.source
            file: FileRead | KnownFile = self._progress.read.get(source) or self._known.files[source]
            below.extend(_Asked(target, ref, depth + 1, source.branch) for ref, target in file.targets)
            for ref, flaw in file.flaws:
                self._progress.problems[ParentProblem(ref, flaw, source.branch, found.url)] = None
        return below

    def _changed(self, repository: str, level: Sequence[Found]) -> Iterable[FileRead]:
        """Read those files of one repository that are not known as they are."""
        if not level:
            return ()
        mirror = self._around.mirror(repository)
        return self._reader.read(mirror, [found for found in level if not self._is_known(mirror, found)])

    def _is_known(self, mirror: Tree, found: Found) -> bool:
        known = self._known.files.get(found.source)
        return (
            known is not None
            and self._known.walked
            and not known.retained
            and known.blob == found.blob
            and known.url == found.url
            and known.parent == found.parent
            and known.made_with == self._reader.made_with
            and all((mirror.file_blob(found.commit, path) or "") == blob for path, blob in known.dependencies.items())
        )

    # From a target to files

    def _files(self, ask: _Asked) -> list[Found]:
        limits = self._around.limits
        self._progress.followed += 1
        if ask.depth > limits.depth:
            self._limit(ask, "depth", "location_depth", limits.depth)
            return []
        if self._progress.followed > limits.targets:
            self._limit(ask, "targets", "location_descendants", limits.targets)
            return []
        try:
            pattern = Pattern.parse(ask.target.pattern)
        except PatternError as error:
            self._problem(ask.parent, _problem(ask.target, "target.pattern", str(error), ""), ask.target)
            return []
        try:
            return self._listed(ask, pattern)
        except CatalogError as error:
            self._problem(ask.parent, _problem(ask.target, error.code, str(error), error.hint), ask.target)
            return self._held(ask, pattern)

    def _listed(self, ask: _Asked, pattern: Pattern) -> list[Found]:
        target = ask.target
        try:
            mirror = self._around.mirror(target.repository)
        except CatalogError:
            self._unreadable.revisions.add((target.repository, target.revision))
            raise
        branch = self._branch(mirror, target, ask)
        if branch is None:
            return self._held(ask, pattern)
        commit = self._progress.commits[branch]
        try:
            listing = mirror.list_files(commit, [pattern])
        except CatalogError:
            self._unreadable.branches.add(branch)
            raise
        for problem in listing.problems:
            self._problem(ask.parent, problem, target, branch)
        if not listing.files and not listing.problems and target.required:
            message = f"{target.text or target.pattern} matches no file at {branch.short} of {target.repository}"
            hint = "correct the path, or commit the file"
            self._problem(ask.parent, _problem(target, "location.not_found", message, hint), target, branch)
        page = self._around.hosts.resolve(target.url) if target.url else None
        found = [
            Found(Source(branch, file.path), file.blob, commit, page.at(file.path) if page else "", ask.parent)
            for file in listing.files
        ]
        if not listing.complete:  # what is not listed is unknown, not gone
            self._unreadable.branches.add(branch)
            found.extend(self._held(ask, pattern, besides={file.source for file in found}))
        return found

    def _branch(self, mirror: Tree, target: Target, ask: _Asked) -> Branch | None:
        """The branch that a target names, its commit noted; None when it is gone or no mirror holds it yet."""
        if ask.inside is not None and ask.inside == Branch(target.repository, target.revision):
            return ask.inside if ask.inside in self._progress.commits else None  # the same commit (C89, C108)
        self._progress.asked.add((target.repository, target.revision))
        head = mirror.heads([target.revision]).get(target.revision)
        trouble = self._around.trouble(mirror.url, target.revision)
        if trouble is not None:
            self._problem(ask.parent, trouble, target)
            if trouble.code == REF_GONE:
                return None
        if head is None:
            self._unreadable.revisions.add((mirror.url, target.revision))
            if trouble is None:
                self._progress.wanted.add(target.repository)
            return None
        branch = Branch(mirror.url, head.ref)
        if not target.revision and branch not in self._known.commits:
            others = [known for known in self._known.commits if known.repository == mirror.url]
            if len(others) == 1:
                self._retention.renamed(branch, others[0])
        self._progress.commits.setdefault(branch, head.commit)
        return branch

    def _held(self, ask: _Asked, pattern: Pattern, besides: Container[Source] = ()) -> list[Found]:
        """Known files that the target may mean, on branches that cannot be read: they stay as they were (R19).

        `besides` are those of them that could be listed.
        """
        held = [
            Found(source, file.blob, "", file.url, ask.parent)
            for source, file in (self._known.files.items() if self._unreadable else ())
            if file.blob
            and source not in besides
            and source.branch in self._unreadable
            and pattern.matches(source.path)
        ]
        self._progress.held.update(found.source for found in held if found.source not in self._progress.found)
        return held

    # The result

    def _finish(self) -> Walk | None:
        """None where it turns out that the walk followed a Location entity that is kept no longer."""
        progress, known = self._progress, self._known
        gone = [source for source in known.files if source not in progress.found]
        files = [file_reading(read) for read in progress.read.values()]
        said = self._retention.said(files, gone)
        if self._retention.give_up(progress.read.values(), said):
            return None
        files, removed = self._retention.settle(files, gone, said, progress.found, progress.commits, self._unreadable)
        unread = {b: commit for b, commit in known.commits.items() if b in self._unreadable}
        reading = Reading(
            location=self._location,
            commits={**unread, **progress.commits},
            files=tuple(files),
            removed=tuple(removed),
            replaced=tuple(s for s in (*removed, *(file.source for file in files)) if s in known.files),
            problems=tuple(progress.problems),
            last_good=self._retention.kept(files, removed),
        )
        kept = any(document.retained for file in files for document in file.documents)
        clean = not (progress.problems or progress.wanted or self._unreadable or kept)
        return Walk(reading, frozenset(progress.asked), frozenset(progress.wanted), clean)

    def _limit(self, ask: _Asked, what: str, setting: str, value: int) -> None:
        """Say once a Location that some of what it asks for is not read."""
        if (ask.parent, what) in self._progress.beyond:
            return
        self._progress.beyond.add((ask.parent, what))
        text = ask.target.text or ask.target.pattern
        message = f"{text} and what follows is not read: one location leads to at most {value} ({setting})"
        hint = f"raise [limits] {setting}, or register the rest as locations of their own"
        self._problem(ask.parent, _problem(ask.target, f"location.too_many_{what}", message, hint), ask.target)

    def _problem(
        self, parent: str, problem: Problem, target: Target | None = None, branch: Branch | None = None
    ) -> None:
        place = branch or Branch(target.repository if target else "", "")
        self._progress.problems[ParentProblem(parent, problem, place, target.url if target else "")] = None


def _problem(target: Target, code: str, message: str, hint: str) -> Problem:
    name = "NotFoundError" if code.endswith("not_found") else "InputError"
    return Problem(code, message, target.pattern, hint=hint, name=name)
