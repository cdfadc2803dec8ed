"""Edits, patches and their undo as JSON: what the parser process is told and says, and what the journal keeps."""

import base64
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from syncd.ingest.limits import ParseLimits
from syncd.model.json import JsonObject
from syncd.patch.document import document_text, with_document
from syncd.patch.edit import FieldEdit
from syncd.patch.patch import Patch, Undo, patched
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.splices import Hunk


def patch_request(document: int, edits: Sequence[FieldEdit], hunks: Sequence[Hunk] = ()) -> JsonObject:
    """What `patched` is to be called with, besides the content."""
    return {"document": document, **undo_row(Undo(tuple(edits), tuple(hunks)))}


def text_request(document: int, new: str | None = None) -> JsonObject:
    """Ask for the text of a document, or for the file with another one."""
    return {"document": document, "text": new}


def patch_answer(request: dict[str, Any], content: bytes, limits: ParseLimits) -> object:
    """Carry out a request; a refusal is an answer too."""
    try:
        if "text" in request:
            return _text_answer(request, content, limits)
        wanted = undo_of(request)
        patch = patched(content, request["document"], wanted.edits, wanted.hunks, limits)
    except PatchRefusedError as refusal:
        return {"refused": [refusal.reason, refusal.message, refusal.line, refusal.hint]}
    return {"content": base64.b64encode(patch.content).decode("ascii"), "undo": undo_row(patch.undo)}


def patch_of(answer: dict[str, Any]) -> Patch:
    """The reverse of `patch_answer`; raises the `PatchRefusedError` that the process met."""
    _raise_refusal(answer)
    return Patch(base64.b64decode(answer["content"]), undo_of(answer["undo"]))


def text_of(answer: dict[str, Any]) -> str:
    """The text that was asked for; raises the `PatchRefusedError` that the process met."""
    _raise_refusal(answer)
    return str(answer["text"])


def content_of(answer: dict[str, Any]) -> bytes:
    """The file that was asked for; raises the `PatchRefusedError` that the process met."""
    _raise_refusal(answer)
    return base64.b64decode(answer["content"])


def undo_row(undo: Undo) -> JsonObject:
    """Edits and lines as JSON."""
    return {
        "edits": [[list(edit.path), edit.op, edit.value] for edit in undo.edits],
        "hunks": [list(astuple(hunk)) for hunk in undo.hunks],
    }


def undo_of(row: dict[str, Any]) -> Undo:
    """The reverse of `undo_row`."""
    edits = tuple(FieldEdit(tuple(path), op, value) for path, op, value in row["edits"])
    return Undo(edits, tuple(Hunk(*hunk) for hunk in row["hunks"]))


def _text_answer(request: dict[str, Any], content: bytes, limits: ParseLimits) -> object:
    if request["text"] is None:
        return {"text": document_text(content, request["document"], limits)}
    new = with_document(content, request["document"], request["text"], limits)
    return {"content": base64.b64encode(new).decode("ascii")}


def _raise_refusal(answer: dict[str, Any]) -> None:
    if "refused" in answer:
        reason, message, line, hint = answer["refused"]
        raise PatchRefusedError(reason, message, line, hint=hint)
