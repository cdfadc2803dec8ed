"""The way a push usually goes: some known files have new content, and nothing leads anywhere else.

Whether that is so is decided here; wherever it is not, the answer is None and the location is walked in full. Both
ways must give the same index, which a property test checks.
"""

from collections.abc import Sequence

from syncd.errors import CatalogError
from syncd.model.location import Location, Target
from syncd.model.problem import Problem
from syncd.model.reading import DocumentReading, Reading
from syncd.model.source import Branch, Source
from syncd.process.targets import location_targets
from syncd.walk.files import DocumentReader, Found
from syncd.walk.known import Known
from syncd.walk.retention import file_reading
from syncd.walk.walk import Surroundings, Walk


def changed_files_only(location: Location, known: Known, around: Surroundings) -> Walk | None:
    """A walk that reads just the files that changed; None where more than their content changed."""
    roots = location_targets(location, around.hosts)
    if isinstance(roots, Problem) or not known.walked or not known.clean:
        return None
    try:
        commits = _commits(known, roots, around)
        changed = _changed(known, commits, roots, around) if commits is not None else None
        if commits is None or changed is None:
            return None
        return _read(location, known, commits, changed, around)
    except CatalogError:
        return None


def _commits(known: Known, roots: Sequence[Target], around: Surroundings) -> dict[Branch, str] | None:
    """Where each known branch stands now; None when a target no longer means the branch that it meant."""
    commits: dict[Branch, str] = {}
    for repository, revision in {*((target.repository, target.revision) for target in roots), *known.asked()}:
        mirror = around.mirror(repository)
        head = mirror.heads([revision]).get(revision)
        if head is None or around.trouble(mirror.url, revision) is not None:
            return None
        commits[Branch(mirror.url, head.ref)] = head.commit
    return commits if commits.keys() == known.commits.keys() else None


def _changed(
    known: Known, commits: dict[Branch, str], roots: Sequence[Target], around: Surroundings
) -> dict[Source, str] | None:
    """New blobs of known files, and known files whose placeholders take in something that changed."""
    patterns = known.patterns(roots)
    changed: dict[Source, str] = {}
    for branch, commit in commits.items():
        before = known.commits[branch]
        if before == commit:
            continue
        for change in around.mirror(branch.repository).changed_files(before, commit):
            if change.problem is not None and change.problem.code == "file.path_not_unicode":
                return None  # what is shown of its path is no path that a pattern could be held against
            source = Source(branch, change.path)
            for dependent in known.dependents(source):
                changed.setdefault(dependent, known.files[dependent].blob)
            if source in known.files:
                if change.blob is None:
                    return None
                changed[source] = change.blob
            elif any(pattern.matches(change.path) for pattern in patterns):
                return None
    return changed


def _read(
    location: Location, known: Known, commits: dict[Branch, str], changed: dict[Source, str], around: Surroundings
) -> Walk | None:
    reader = DocumentReader(
        location,
        around.hosts,
        around.parser,
        around.limits.file_bytes,
        around.rules,
        around.completion,
        around.jq_fault,
    )
    files = []
    for branch, commit in commits.items():
        found = [
            Found(source, blob, commit, known.files[source].url, known.files[source].parent)
            for source, blob in changed.items()
            if source.branch == branch
        ]
        for read in reader.read(around.mirror(branch.repository), found):
            bad = any(document.outcome == "bad" for document in read.documents)
            if bad or read.targets or read.flaws or known.files[read.found.source].targets:
                return None
            if around.keep_orphans and not _says_all(read.documents, known.files[read.found.source].refs):
                return None
            files.append(file_reading(read))
    reading = Reading(location, commits, tuple(files), replaced=tuple(changed))
    return Walk(reading, frozenset(), frozenset(), clean=True)


def _says_all(documents: Sequence[DocumentReading], refs: Sequence[str]) -> bool:
    return {document.ref for document in documents}.issuperset(refs)
