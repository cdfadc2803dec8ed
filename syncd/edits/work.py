"""What is to be done to one document of one file: whether it still may be, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from syncd.edits.field import field_edits, moved_fields, moved_since, undo_expectations
from syncd.errors import FieldConflict, UnfitError
from syncd.ingest.failure import ParseError
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.change import WHOLE
from syncd.model.document import Document
from syncd.model.edit import FieldChange
from syncd.model.json import Json, JsonObject
from syncd.model.problem import Problem
from syncd.patch.edit import FieldEdit, applied
from syncd.patch.patch import Undo
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.wire import content_of, patch_of, patch_request, text_of, text_request, undo_of, undo_row
from syncd.process.judgement import ref_text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done to one entity: changes, or what takes an earlier edit back (`undo`, as the journal has it)."""

    ref: str
    path: str
    changes: tuple[FieldChange, ...] = ()
    undo: JsonObject | None = None

    @property
    def new_text(self) -> tuple[str, str] | None:
        """The text that the document is to have and the one that it had, where it is about the whole of it."""
        if self.undo is not None:
            return (str(self.undo["text"]), str(self.undo["expected"])) if "text" in self.undo else None
        whole = next((change for change in self.changes if change.path == WHOLE), None)
        return None if whole is None else (str(whole.value), str(whole.expected))

    @property
    def adds(self) -> str | None:
        """The text of a document that is not there yet; None where it is about one that is."""
        return None if self.new_text is None or self.new_text[1] else self.new_text[0]

    @property
    def takes_out(self) -> str | None:
        """The text of a document that an earlier edit added, to be taken out again; else None."""
        return None if self.new_text is None or self.new_text[0] else self.new_text[1]


class Work:
    """One entity's part of an edit, on one version of its file."""

    def __init__(self, worker: YamlWorker, wanted: Wanted, document: Document, content: bytes) -> None:
        self._worker = worker
        self._wanted = wanted
        self._document = document
        self._content = content

    def text(self) -> str:
        """The lines of the document. Raises `UnfitError`."""
        try:
            return text_of(self._ask(text_request(self._document.place[0])))
        except PatchRefusedError as refusal:
            raise self._unfit(refusal) from None

    def moved(self) -> list[FieldConflict]:
        """What says something else by now than when the caller read it (R49)."""
        wanted, data = self._wanted, self._document.data
        if wanted.new_text is not None:
            now, expected = self.text(), wanted.new_text[1]
            if wanted.takes_out is not None:
                now = now.replace("\r\n", "\n")  # it was added with the line ends of its file
            return [] if now == expected else [FieldConflict(wanted.ref, "the document", expected, now)]
        if wanted.undo is None:
            return moved_fields(wanted.changes, data)
        expectations: Any = wanted.undo["expected"]
        return moved_since(wanted.ref, expectations, data)

    def done(self) -> tuple[bytes, JsonObject]:
        """The new file, and what leads back. Raises `UnfitError`."""
        wanted, number = self._wanted, self._document.place[0]
        try:
            if wanted.new_text is not None:
                new, old = wanted.new_text
                content = content_of(self._ask(text_request(number, new)))
                return content, {"text": old, "expected": new}
            undo = undo_of(wanted.undo) if wanted.undo is not None else Undo(tuple(self._edits()), ())
            patch = patch_of(self._ask(patch_request(number, undo.edits, undo.hunks)))
            after = applied(self._document.data, undo.edits)
        except PatchRefusedError as refusal:
            raise self._unfit(refusal) from None
        return patch.content, {**undo_row(patch.undo), "expected": undo_expectations(patch.undo.edits, after)}

    def _edits(self) -> Sequence[FieldEdit]:
        edits = field_edits(self._wanted.changes, self._document.data)
        after: Json = applied(self._document.data, edits)
        if not isinstance(after, dict) or ref_text(after) != self._wanted.ref:
            message = f"the document would not be {self._wanted.ref} any more"
            raise PatchRefusedError("renamed", message, self._document.line, hint="a new name is written by hand")
        return edits

    def _ask(self, request: JsonObject) -> JsonObject:
        answer = self._worker.patch(self._content, request)
        if isinstance(answer, ParseError):
            raise UnfitError([answer.problem(self._wanted.path)])
        return answer

    def _unfit(self, refusal: PatchRefusedError) -> UnfitError:
        code, place = f"edit.{refusal.reason}", (self._wanted.path, refusal.line)
        return UnfitError([Problem(code, refusal.message, *place, hint=refusal.hint, ref=self._wanted.ref)])
