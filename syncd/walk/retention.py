"""Retention: entities that stay in force although their file does not say them now.

A file that cannot be read keeps its last good entities, and an orphan is kept where the configuration says so. Either
is a version that git still has: a commit that the mirror keeps by a ref of ours, named in `state.sqlite` (C94, C111).
"""

import logging
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from syncd.errors import TransientError
from syncd.model.reading import DocumentReading, FileReading
from syncd.model.retained import LastGood
from syncd.model.source import Branch, Source
from syncd.walk.files import DocumentReader, FileRead, Found, Tree
from syncd.walk.known import Known, KnownFile

LOG = logging.getLogger("syncd.walk")


class Retention:
    """What one walk keeps; first what broken files keep, at the end what is orphaned."""

    def __init__(
        self,
        known: Known,
        last_good: Sequence[LastGood],
        reader: DocumentReader,
        mirror: Callable[[str], Tree],
        *,
        keep_orphans: bool,
    ) -> None:
        self._known = known
        self._reader = reader
        self._mirror = mirror
        self._keep_orphans = keep_orphans
        self._renamed: dict[Branch, Branch] = {}
        self._given_up: set[tuple[Source, str]] = set()
        self._named: dict[Source, dict[str, LastGood]] = {}
        for version in last_good:
            source = Source(Branch(version.repository, version.git_ref), version.path)
            self._named.setdefault(source, {})[version.entity_ref] = version

    def renamed(self, new: Branch, old: Branch) -> None:
        """The default branch has another name now: what is broken in the new one was last good in the old one (R18)."""
        self._renamed[new] = old

    def with_broken(self, mirror: Tree, read: FileRead) -> FileRead:
        """The file with the last good version of each entity that a bad document of it hides."""
        bad = [document for document in read.documents if document.outcome == "bad"]
        if not bad:
            return read
        good = {document.ref for document in read.documents if document.outcome == "entity"}
        named = {document.ref for document in bad}
        hidden = [
            version
            for ref, version in self._versions(read.found.source, "broken").items()
            if ref not in good
            and version.why == "broken"
            and ("" in named or ref in named)
            and (read.found.source, ref) not in self._given_up
        ]
        kept = self._read_versions(mirror, read.found, hidden)
        return replace(
            read,
            documents=(*read.documents, *(document for file in kept for document in file.documents)),
            targets=(*read.targets, *(target for file in kept for target in file.targets)),
            flaws=(*read.flaws, *(flaw for file in kept for flaw in file.flaws)),
        )

    def give_up(self, read: Iterable[FileRead], said: Container[str]) -> bool:
        """Keep Location entities no longer that another file says by now; whether there was any.

        What they lead to was followed before that was known, so the walk has to be done again without them.
        """
        given_up = {
            (file.found.source, document.ref)
            for file in read
            for document in file.documents
            if document.retained and document.ref in said and any(ref == document.ref for ref, _ in file.leads)
        }
        self._given_up |= given_up
        return bool(given_up)

    def settle(
        self,
        files: Sequence[FileReading],
        gone: Sequence[Source],
        said: set[str],
        found: Mapping[Source, Found],
        commits: Mapping[Branch, str],
        unreadable: Container[Branch],
    ) -> tuple[list[FileReading], list[Source]]:
        """Decide at the end of a walk: what became an orphan, and what is said elsewhere in the location by now.

        `files` are those read in this walk, `gone` known ones that nothing leads to any more, `unreadable` the
        branches that nothing can be said about. The answer is the files to publish and the sources to remove.
        """
        settled = {file.source: file for file in files}
        removed: list[Source] = []
        for source in dict.fromkeys((*gone, *(s for s in self._named if s not in found), *settled)):
            unknown = source.branch in unreadable and source not in settled
            if unknown and source in self._known.files:
                continue
            file = settled.get(source)
            orphans = self._orphans(source, file, said, commits, unknown=unknown)
            if file is None and not orphans:
                if source in self._known.files:
                    removed.append(source)
            elif orphans:
                settled[source] = _with_documents(file or _gone_file(source, self._url(source)), orphans)
        return [_without(file, said) for file in settled.values()], removed

    def kept(self, files: Iterable[FileReading], removed: Iterable[Source]) -> tuple[LastGood, ...]:
        """Every version that is in force after this walk, for `state.sqlite`."""
        changed = {file.source: file for file in files}
        dropped = set(removed)
        versions: list[LastGood] = []
        for source, named in self._named.items():
            if source not in changed and source not in dropped:
                versions.extend(named.values())
        for source, file in changed.items():
            candidates = {**self._versions(source, "broken"), **self._named.get(source, {})}
            for document in file.documents:
                if document.retained:
                    version = candidates[document.ref]
                    versions.append(replace(version, why=document.retained, url=file.url))  # as it is shown now
        return tuple(sorted(versions, key=lambda v: (v.repository, v.git_ref, v.path, v.entity_ref)))

    def _versions(self, source: Source, why: Literal["broken", "orphan"]) -> dict[str, LastGood]:
        """The last good version of every entity that was in force from a file before this walk."""
        versions = dict(self._named.get(source, {}))
        before = self._known.files.get(source)
        commit = self._known.commits.get(source.branch)
        if before is not None and commit is not None and before.blob:
            for ref in before.refs:
                if ref not in before.retained:
                    branch = source.branch
                    versions[ref] = LastGood(
                        branch.repository, branch.ref, source.path, ref, why, commit, before.blob, before.url
                    )
        old = self._renamed.get(source.branch)
        if why == "broken" and not versions and old is not None:
            before_that = self._versions(Source(old, source.path), why)
            return {ref: replace(version, git_ref=source.branch.ref) for ref, version in before_that.items()}
        return versions

    def _orphans(
        self,
        source: Source,
        file: FileReading | None,
        said: set[str],
        commits: Mapping[Branch, str],
        *,
        unknown: bool,
    ) -> list[DocumentReading]:
        """What the file said last and nothing says now; of a branch that cannot be read, what was an orphan before."""
        if not self._keep_orphans:
            return []
        present = {document.ref for document in file.documents if document.outcome == "entity"} if file else set()
        orphaned = [
            replace(version, why="orphan")
            for ref, version in self._versions(source, "orphan").items()
            if ref not in present and ref not in said and (version.why == "orphan" or not unknown)
        ]
        if not orphaned:
            return []
        mirror = self._mirror(source.branch.repository)
        before = file or _gone_file(source, self._url(source))
        place = Found(source, before.blob, commits.get(source.branch, ""), before.url, before.parent)
        return [document for read in self._read_versions(mirror, place, orphaned) for document in read.documents]

    def _read_versions(self, mirror: Tree, place: Found, versions: Sequence[LastGood]) -> list[FileRead]:
        """Read old versions of a file again and keep of each only the entities that are wanted from it."""
        reads = []
        for commit, blob in dict.fromkeys((version.commit, version.blob) for version in versions):
            wanted = {v.entity_ref: v.why for v in versions if (v.commit, v.blob) == (commit, blob)}
            try:
                old = list(self._reader.read(mirror, [replace(place, commit=commit, blob=blob)]))
            except TransientError as error:
                # The mirror is missing, or had to be fetched anew and the remote has forgotten the commit.
                if error.code not in ("git.damaged", "git.not_fetched"):
                    raise
                LOG.warning("%s cannot be kept: %s: %s", ", ".join(wanted), place.source.branch.repository, error)
                continue
            mirror.keep(commit)
            for read in old:
                spoke = {d.ref: d for d in reversed(read.documents) if d.outcome == "entity" and d.ref in wanted}
                documents = tuple(replace(document, retained=wanted[ref]) for ref, document in spoke.items())
                targets = tuple(entry for entry in read.targets if entry[0] in wanted)
                flaws = tuple(entry for entry in read.flaws if entry[0] in wanted)
                reads.append(replace(read, documents=documents, targets=targets, flaws=flaws))
        return reads

    def said(self, files: Sequence[FileReading], gone: Iterable[Source]) -> set[str]:
        """Refs that some file of the location says now; worth the work only where something may be kept."""
        concerned = self._keep_orphans or any(document.retained for file in files for document in file.documents)
        if not concerned and not self._named:
            return set()
        changed = {file.source for file in files} | set(gone)
        said = {
            ref
            for source, file in self._known.files.items()
            if source not in changed
            for ref in file.refs
            if ref not in file.retained
        }
        return said | {
            document.ref
            for file in files
            for document in file.documents
            if document.outcome == "entity" and not document.retained
        }

    def _url(self, source: Source) -> str:
        """The URL by which a file was reached that is gone."""
        before = self._known.files.get(source)
        return before.url if before else next(version.url for version in self._named[source].values())


def file_reading(read: FileRead) -> FileReading:
    """What is published of a file that was read, and remembered of it."""
    found = read.found
    known = KnownFile(
        found.blob, found.url, found.parent, (), (), read.targets, read.dependencies, read.flaws, read.made_with
    )
    return _with_known(FileReading(found.source, found.blob, found.url, found.parent, read.documents, {}), known)


def _gone_file(source: Source, url: str) -> FileReading:
    """A file that nothing leads to any more, so that orphans of it have a place."""
    return FileReading(source, "", url, "", (), KnownFile("", url, "").to_json())


def _with_known(file: FileReading, known: KnownFile) -> FileReading:
    """The file with what is remembered of it, `known` corrected by what it holds."""
    entities = [document for document in file.documents if document.outcome == "entity"]
    refs = tuple(sorted({document.ref for document in entities}))
    retained = tuple(sorted({document.ref for document in entities if document.retained}))
    return replace(file, known=replace(known, refs=refs, retained=retained).to_json())


def _with_documents(file: FileReading, more: Sequence[DocumentReading]) -> FileReading:
    return _with_known(replace(file, documents=(*file.documents, *more)), KnownFile.from_json(file.blob, file.known))


def _without(file: FileReading, said: set[str]) -> FileReading:
    """The file without kept entities that another file of the location says now."""
    documents = tuple(d for d in file.documents if not (d.retained and d.ref in said))
    if len(documents) == len(file.documents):
        return file
    return _with_known(replace(file, documents=documents), KnownFile.from_json(file.blob, file.known))
