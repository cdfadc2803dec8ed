"""Edits, patches and their undo as JSON: what the parser process is told and says, and what the journal keeps."""

import base64
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from syncd.ingest.limits import ParseLimits
from syncd.model.json import JsonObject
from syncd.patch.edit import FieldEdit
from syncd.patch.patch import Patch, Undo, patched
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.splices import Hunk


def patch_request(document: int, edits: Sequence[FieldEdit], hunks: Sequence[Hunk] = ()) -> JsonObject:
    """What `patched` is to be called with, besides the content."""
    return {"document": document, **undo_row(Undo(tuple(edits), tuple(hunks)))}


def patch_answer(request: dict[str, Any], content: bytes, limits: ParseLimits) -> object:
    """Carry out a request; a refusal is an answer too."""
    wanted = undo_of(request)
    try:
        patch = patched(content, request["document"], wanted.edits, wanted.hunks, limits)
    except PatchRefusedError as refusal:
        return {"refused": [refusal.reason, refusal.message, refusal.line, refusal.hint]}
    return {"content": base64.b64encode(patch.content).decode("ascii"), "undo": undo_row(patch.undo)}


def patch_of(answer: dict[str, Any]) -> Patch:
    """The reverse of `patch_answer`; raises the `PatchRefusedError` that the process met."""
    if "refused" in answer:
        reason, message, line, hint = answer["refused"]
        raise PatchRefusedError(reason, message, line, hint=hint)
    return Patch(base64.b64decode(answer["content"]), undo_of(answer["undo"]))


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
