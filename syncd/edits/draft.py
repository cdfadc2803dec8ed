"""What an edit makes of the files of one commit: new contents, what people see of them, and what is wrong with them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from syncd.edits.creation import added, ref_in, taken_out, target_in
from syncd.edits.difference import difference
from syncd.edits.work import Wanted, Work
from syncd.errors import FieldConflict, UnfitError
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.document import Document
from syncd.model.edit import EditedFile
from syncd.model.json import JsonObject
from syncd.model.location import Location, Target
from syncd.model.port_entity import is_port_entity
from syncd.model.problem import Problem
from syncd.model.source import Branch, Source
from syncd.process.judgement import ref_text
from syncd.walk.files import DocumentReader, Files, Found
from syncd.walk.walk import Surroundings


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files are: the commit, and the way that the catalog reads them. `urls` are those of the files."""

    location: Location
    branch: Branch
    commit: str
    files: Files
    urls: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """URL and Location entity that led to the file, by path."""


@dataclass(frozen=True, slots=True)
class Draft:
    """New contents by path, empty where nothing changes; with conflicts there are none, and nothing was judged.

    None stands for a file that goes.
    """

    contents: dict[str, bytes | None]
    files: tuple[EditedFile, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()
    problems: tuple[Problem, ...] = ()


class Drafter:
    """Makes drafts; no file is written and no remote asked. Thread-safe."""

    def __init__(self, worker: YamlWorker, around: Surroundings) -> None:
        self._worker = worker
        self._around = around

    def place(self, location: Location, name: str, path: str) -> tuple[Target, str]:
        """Where a new entity of this name goes; see `target_in`."""
        return target_in(location, self._around.hosts, name, path)

    def ref(self, text: str) -> str:
        """The ref of the one entity that a text says; see `ref_in`."""
        return ref_in(self._worker, text)

    def data(self, files: Files, path: str, blob: str, ref: str) -> JsonObject:
        """What a version of a file says of an entity. Raises `UnfitError` where it says nothing."""
        data = self._document(path, self._content(files, path, blob), ref).data
        assert data is not None
        return data

    def text(self, files: Files, path: str, blob: str, ref: str) -> str:
        """The lines of an entity's document in a version of a file. Raises `UnfitError`."""
        content = self._content(files, path, blob)
        return Work(self._worker, Wanted(ref, path), self._document(path, content, ref), content).text()

    def draft(self, place: Place, wanted: Sequence[Wanted]) -> Draft:
        """The files of a commit with all of this done. Raises `UnfitError` with what cannot be done, and why."""
        contents: dict[str, bytes | None] = {}
        files: list[EditedFile] = []
        conflicts: list[FieldConflict] = []
        for path in dict.fromkeys(one.path for one in wanted):
            ours = [one for one in wanted if one.path == path]
            blob = place.files.file_blob(place.commit, path)
            is_new = blob is None and all(one.adds is not None for one in ours)
            before = None if is_new else self._content(place.files, path, blob)
            content = before
            back: list[tuple[str, JsonObject]] = []
            for one in ours:
                content, undo, moved = self._done(one, content)
                conflicts += moved
                if undo is not None:
                    back.insert(0, (one.ref, undo))
            if content != before:
                contents[path] = content
                after = "" if content is None else _blob_id(content, place.commit)
                shown = difference(path, before, content)
                files.append(EditedFile(path, blob or "", after, shown, tuple(back)))
        if conflicts:
            return Draft({}, conflicts=tuple(conflicts))
        return Draft(contents, tuple(files), problems=tuple(self._problems(place, contents, wanted)))

    def _done(
        self, wanted: Wanted, content: bytes | None
    ) -> tuple[bytes | None, JsonObject | None, list[FieldConflict]]:
        """A file with one entity's part done, what leads back, and what stands in the way: then nothing was done."""
        if wanted.adds is not None:
            already = None if content is None else self._find(wanted.path, content, wanted.ref)
            if content is not None and already is not None:
                now = Work(self._worker, wanted, already, content).text()
                return content, None, [FieldConflict(wanted.ref, "the document", None, now)]
            grown = added(content or b"", wanted.adds)
            self._prove(wanted.path, content or b"", grown)
            return grown, {"text": "", "expected": wanted.adds}, []
        assert content is not None
        work = Work(self._worker, wanted, self._document(wanted.path, content, wanted.ref), content)
        if moved := work.moved():
            return content, None, moved
        if wanted.takes_out is not None:
            left = taken_out(content, wanted.takes_out, wanted.path)
            self._prove(wanted.path, left or b"", content)
            return left, {"text": wanted.takes_out, "expected": ""}, []
        content, undo = work.done()
        return content, undo, []

    def _prove(self, path: str, shorter: bytes, longer: bytes) -> None:
        """Raise `UnfitError` unless one file says what the other one says, and one document more behind it (R48)."""
        read = self._worker.read([(path, shorter), (path, longer)])
        kept, more = ([one.data for one in documents if one.outcome != "empty"] for documents in read)
        if more[:-1] != kept or len(more) != len(kept) + 1:
            message = "the other documents of the file would not say what they say"
            raise UnfitError([Problem("edit.inexact", message, path, hint="edit the file by hand")])

    def _content(self, files: Files, path: str, blob: str | None) -> bytes:
        if blob is None:
            raise UnfitError([Problem("edit.gone", "no regular file stands there any more", path)])
        content = files.read_blobs([blob], self._around.limits.file_bytes)[blob]
        if isinstance(content, Problem):
            raise UnfitError([content])
        return content

    def _document(self, path: str, content: bytes, ref: str) -> Document:
        found = self._find(path, content, ref)
        if found is not None:
            return found
        (documents,) = self._worker.read([(path, content)])
        flaws = [document.problem for document in documents if document.problem is not None]
        hint = "edit the file by hand"
        raise UnfitError(flaws or [Problem("edit.gone", f"no document here says {ref}", path, hint=hint, ref=ref)])

    def _find(self, path: str, content: bytes, ref: str) -> Document | None:
        (documents,) = self._worker.read([(path, content)])
        for document in documents:
            if document.outcome == "entity" and document.data is not None:
                if is_port_entity(document.data):
                    continue
                if ref_text(document.data) == ref:
                    return document
        return None

    def _problems(
        self, place: Place, edited: Mapping[str, bytes | None], wanted: Sequence[Wanted]
    ) -> Iterator[Problem]:
        """What the catalog would say of the edited documents."""
        contents = {path: content for path, content in edited.items() if content is not None}
        around = self._around
        reader = DocumentReader(
            place.location,
            around.hosts,
            around.parser,
            around.limits.file_bytes,
            around.rules,
            around.completion,
            around.jq_fault,
        )
        files = _Edited(place.files, contents)
        found = [
            Found(Source(place.branch, path), files.name(path), place.commit, *place.urls.get(path, ("", "")))
            for path in contents
        ]
        for read in reader.read(files, found):
            path = read.found.source.path
            refs = {one.ref for one in wanted if one.path == path and one.takes_out is None}
            (documents,) = self._worker.read([(path, contents[path])])
            ours = {one.index for one in documents if one.data is not None and ref_text(one.data) in refs}
            flaws = [flaw for ref, flaw in read.flaws if ref in refs]
            flaws += [flaw for reading in read.documents if reading.index in ours for flaw in reading.problems]
            yield from flaws
            lost = refs - {reading.ref for reading in read.documents if reading.outcome == "entity"}
            if lost and not flaws:
                yield Problem("edit.gone", f"the edited file would not say {', '.join(sorted(lost))}", path)


class _Edited:
    """The files of a commit, some of them edited."""

    def __init__(self, files: Files, contents: Mapping[str, bytes]) -> None:
        self._files = files
        self._contents = {self.name(path): content for path, content in contents.items()}

    @staticmethod
    def name(path: str) -> str:
        """Stands for the object id of an edited file."""
        return f"edited {path}"

    def file_blob(self, commit: str, path: str) -> str | None:
        """Object id of a file."""
        name = self.name(path)
        return name if name in self._contents else self._files.file_blob(commit, path)

    def read_blobs(self, ids: Iterable[str], max_bytes: int) -> Mapping[str, bytes | Problem]:
        """Contents by object id."""
        asked = list(ids)
        others = [name for name in asked if name not in self._contents]
        found = dict(self._files.read_blobs(others, max_bytes)) if others else {}
        return {**found, **{name: self._contents[name] for name in asked if name in self._contents}}


def _blob_id(content: bytes, like: str) -> str:
    """The object id that git gives a content, in the format of another id."""
    text = b"blob %d\0%s" % (len(content), content)
    digest = hashlib.sha256(text) if len(like) == 64 else hashlib.sha1(text, usedforsecurity=False)
    return digest.hexdigest()
