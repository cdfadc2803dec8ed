"""Two commits of one repository compared: the same walk as always, from what the index knows to either of them.

So the work is that of the files that differ from what is known, be the repository as large as it may.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import orjson

from syncd.errors import CatalogError, InputError, NotFoundError
from syncd.git import Commit, FileChange, Head, Mirror, Mirrors, TreeListing
from syncd.history.comparison import Comparison, EntityDifference, Moment, Version, compared
from syncd.history.moment import time_of
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.location import Location
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading, Reading
from syncd.model.source import Source
from syncd.model.timestamp import timestamp
from syncd.process.targets import location_targets
from syncd.walk.files import DocumentReader, Found
from syncd.walk.known import Known
from syncd.walk.walk import Surroundings, Walker, untroubled

MOST_NOTES = 20

Said = dict[Source, Sequence[DocumentReading]]
"""The documents of files, nothing for one that is not there."""


class CommitComparer:
    """Compares commits. `walks` gives what is known of a location, None before its first look. Thread-safe."""

    def __init__(
        self, mirrors: Mirrors, around: Surroundings, parser: YamlWorker, walks: Callable[[str], Known | None]
    ) -> None:
        self._mirrors = mirrors
        self._around = replace(around, parser=parser, trouble=untroubled, keep_orphans=False)
        self._walks = walks

    def repositories(self, locations: Iterable[Location]) -> dict[str, list[Location]]:
        """Which locations begin in which repository, by the repository's canonical clone URL."""
        found: dict[str, list[Location]] = {}
        for location in locations:
            targets = location_targets(location, self._around.hosts)
            for repository in {target.repository for target in targets} if isinstance(targets, list) else ():
                try:
                    found.setdefault(self._mirrors.open(repository).url, []).append(location)
                except CatalogError:
                    continue  # it may not be reached any more
        return found

    def compare(self, repository: str, locations: Sequence[Location], old: str, new: str, *, limit: int) -> Comparison:
        """What `locations` read of a repository at two commits, as a person names them.

        Raises `InputError` for what names no commit, `NotFoundError` where nothing was read yet.
        """
        mirror = self._mirrors.open(repository)
        known = {one.id: walk for one in locations if (walk := self._walks(one.id)) is not None}
        heads = [
            commit
            for walk in known.values()
            for branch, commit in walk.commits.items()
            if branch.repository == mirror.url
        ]
        if not heads:
            raise NotFoundError(f"{repository} was not read yet", hint="see catalog location list")
        ends = [self._commit(mirror, text, heads[0]) for text in (old, new)]
        before, after = dict[str, Version](), dict[str, Version]()
        notes: list[str] = []
        problems: list[list[Problem]] = [[], []]
        bad: list[dict[str, str]] = [{}, {}]
        for location in locations:
            walk = known.get(location.id)
            if walk is None:
                notes.append(f"location {location.id} was not read yet")
                continue
            sides = self._sides(location, walk, mirror, [end.id for end in ends])
            for number, (side, found) in enumerate(zip(sides, (before, after), strict=True)):
                found.update(_versions(side, known=found))
                for problem in _unreadable(side):
                    bad[number].setdefault(problem.ref, problem.where)
                    problems[number].append(problem)
        items = [_judged(item, *bad) for item in compared(before, after)]
        moments = [Moment(timestamp(end.when), end) for end in ends]
        return Comparison(
            moments[0],
            moments[1],
            tuple(items[:limit]),
            dict(Counter[str](item.effect for item in items)),
            len(items) > limit,
            tuple(_some([*notes, *_told_of(problems, ends)])),
        )

    def _commit(self, mirror: Mirror, text: str, head: str) -> Commit:
        found = mirror.commit_named(text, head)
        if found is None:
            when = time_of(text)
            if when is None:
                hint = "name a branch, a tag, an id of 4 digits or more, HEAD~2, or a time"
                raise InputError(f"{mirror.url} has no commit {text[:200]} that is mirrored", hint=hint)
            found = mirror.commit_before(when, head)
            if found is None:
                raise InputError(f"{mirror.url} has no commit as old as {text[:200]}", hint="name a later time")
        return mirror.history(found, limit=1)[0]

    def _sides(self, location: Location, walk: Known, mirror: Mirror, commits: Sequence[str]) -> list[Said]:
        """The files that differ at either commit from what is known, as both commits have them."""
        known = _without_memory(walk)
        readings = [self._read(location, known, mirror, commit) for commit in commits]
        told = [_told(reading, mirror.url) for reading in readings]
        concerned = told[0].keys() | told[1].keys()
        missing = sorted(source for source in concerned if any(source not in side for side in told))
        as_known = self._as_known(location, known, mirror, missing)
        return [{source: side.get(source, as_known.get(source, ())) for source in concerned} for side in told]

    def _read(self, location: Location, known: Known, mirror: Mirror, commit: str) -> Reading:
        targets = location_targets(location, self._around.hosts)
        revisions = {one.revision for one in targets} if isinstance(targets, list) else set()

        def tree(url: str) -> Mirror | _AtCommit:
            found = self._mirrors.open(url)
            return _AtCommit(found, commit, revisions) if found.url == mirror.url else found

        return Walker(location, known, (), replace(self._around, mirror=tree)).run().reading

    def _as_known(self, location: Location, known: Known, mirror: Mirror, sources: Sequence[Source]) -> Said:
        """Files as the index has them, which one of the commits has too."""
        around = self._around
        reader = DocumentReader(
            location,
            around.hosts,
            around.parser,
            around.limits.file_bytes,
            around.rules,
            around.completion,
            around.jq_fault,
        )
        files = [
            Found(source, file.blob, known.commits[source.branch], file.url, file.parent)
            for source in sources
            if (file := known.files.get(source)) is not None and file.blob
        ]
        return {read.found.source: read.documents for read in reader.read(mirror, files)}


class _AtCommit:
    """A mirror as it was when some of its revisions stood at one commit; nothing of it is kept."""

    def __init__(self, mirror: Mirror, commit: str, revisions: set[str]) -> None:
        self._mirror = mirror
        self._commit = commit
        self._revisions = revisions

    @property
    def url(self) -> str:
        """The repository's identity."""
        return self._mirror.url

    def heads(self, revisions: Iterable[str]) -> Mapping[str, Head]:
        """Where revisions point, those that are meant at the commit."""
        heads = self._mirror.heads(revisions)
        moved = self._revisions & heads.keys()
        return heads | {name: replace(heads[name], commit=self._commit) for name in moved}

    def list_files(self, commit: str, patterns: Iterable[Pattern]) -> TreeListing:
        """Files that a pattern matches."""
        return self._mirror.list_files(commit, patterns)

    def changed_files(self, old: str, new: str) -> Sequence[FileChange]:
        """Paths whose content differs."""
        return self._mirror.changed_files(old, new)

    def keep(self, commit: str) -> None:
        """A comparison leaves nothing behind."""

    def read_blobs(self, ids: Iterable[str], max_bytes: int) -> Mapping[str, bytes | Problem]:
        """Contents by object id."""
        return self._mirror.read_blobs(ids, max_bytes)

    def file_blob(self, commit: str, path: str) -> str | None:
        """Object id of a regular file."""
        return self._mirror.file_blob(commit, path)


def _without_memory(walk: Known) -> Known:
    """What is known of files but not of their entities, so that nothing is retained of what a commit cannot say."""
    files = {source: replace(file, refs=()) for source, file in walk.files.items()}
    return Known(walk.commits, files, walked=walk.walked)


def _told(reading: Reading, repository: str) -> Said:
    """What a walk says of a repository: files that are new or other than known, and, with nothing, those that went."""
    gone: Said = dict.fromkeys(reading.removed, ())
    read: Said = {file.source: [one for one in file.documents if not one.retained] for file in reading.files}
    return {source: some for source, some in (gone | read).items() if source.branch.repository == repository}


def _versions(side: Said, known: Mapping[str, Version]) -> dict[str, Version]:
    """The entities of files by ref; of two that say the same the first one, as with every location."""
    found: dict[str, Version] = {}
    for source in sorted(side):
        for document in side[source]:
            if document.entity is not None and document.ref not in known:
                found.setdefault(document.ref, Version(orjson.loads(document.entity), source.path, document.line))
    return found


def _unreadable(side: Said) -> list[Problem]:
    return [
        problem
        for source in sorted(side)
        for document in side[source]
        if document.outcome == "bad"
        for problem in document.problems
    ]


def _told_of(problems: Sequence[Sequence[Problem]], ends: Sequence[Commit]) -> Iterator[str]:
    """What cannot be read, with the commit where it can be read at the other one."""
    sides = [{f"{one.where}: {one.message}" for one in side} for side in problems]
    for own, other, end in ((sides[0], sides[1], ends[0]), (sides[1], sides[0], ends[1])):
        for text in sorted(own):
            yield text if text in other else f"{end.id[:10]}: {text}"


def _some(notes: Iterable[str]) -> list[str]:
    listed = list(dict.fromkeys(notes))
    rest = len(listed) - MOST_NOTES
    return [*listed[:MOST_NOTES], f"{rest} more notes"] if rest > 0 else listed


def _judged(item: EntityDifference, before: Mapping[str, str], after: Mapping[str, str]) -> EntityDifference:
    """Said with care where an entity may be missing because a document cannot be read: its own, or one that does not
    say which it is."""
    side: Mapping[str, str] = {"added": before, "removed": after}.get(item.effect, {})
    where = side.get(item.ref) or side.get("")
    if where is None:
        return item
    return replace(item, complete=False, reason=f"{where} cannot be read at the other commit, and may hold it")
