"""Edits of descriptor files: proposed with their differences, agreed to, carried out as commits, taken back."""

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.own.parameters import LIMIT
from syncd.api.request import Request
from syncd.edits.desk import Proposal
from syncd.errors import InputError, UnfitError
from syncd.model.change import WHOLE, Change
from syncd.model.edit import Edit
from syncd.model.json import JsonObject
from syncd.model.problem import Problem
from syncd.model.ref import DEFAULT_NAMESPACE, RefError, parse_ref
from syncd.overlay.path import canonical
from syncd.process.schema import field_text

LISTING = (LIMIT,)
USUAL = 50
MOST = 1_000
MOST_CHANGES = 200
"""Changes of one edit."""


class DocumentChange(BaseModel):
    """One field of a descriptor file to set (`replace`), to add to (`append`, `union`), or to remove; or with `text`
    the whole of its document."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    ref: str = Field(min_length=1)
    path: str = ""
    op: Literal["replace", "append", "union", "remove"] = "replace"
    value: Any = None
    text: str | None = None


class NewDocument(BaseModel):
    """An entity that no file says yet: its lines, the location that is to read it, and its file."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    location: str = ""
    path: str = Field(default="", max_length=1_024)


class FieldValue(BaseModel):
    """A value of an entity that is to be written."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    path: str = Field(min_length=1)
    value: Any = None


class NewOutline(BaseModel):
    """An entity that nobody has written yet: its kind, spelled in any case, its name, and what is known of it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    kind: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=1_000)
    namespace: str = Field(default=DEFAULT_NAMESPACE, min_length=1, max_length=100)
    values: list[FieldValue] = Field(default=[], max_length=MOST_CHANGES)


class NewEdit(BaseModel):
    """Changes that become one commit, or with `undo` what takes an earlier edit back, or with `create` a new entity.

    `if_match` is the version that the caller read: `source.blob` of the entity, or its etag.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    changes: list[DocumentChange] = Field(default=[], max_length=MOST_CHANGES)
    undo: str | None = None
    create: NewDocument | None = None
    target: Literal["branch", "commit"] = "branch"
    message: str = Field(default="", max_length=10_000)
    if_match: str | None = None
    confirm: bool = False
    """Whether it is carried out at once, without a look at the difference."""


async def document(request: Request) -> Response:
    """The lines of an entity's document as the catalog has read them, comments and all."""
    desk = request.context.service.edits
    return json_answer(asdict(await request.context.readers.run(desk.document, _ref(request.parameters["ref"]))))


async def draw_outline(request: Request) -> Response:
    """What an entity of a kind must say; `open` names the fields that only hold an example."""
    body, desk = request.read(NewOutline), request.context.service.edits
    values = [(one.path, one.value) for one in body.values]
    drawn = await request.context.readers.run(desk.outline, body.kind, body.name, body.namespace, values)
    flaws = [{"path": field_text(one.path), "message": one.message, "hint": one.hint} for one in drawn.flaws]
    return json_answer({"entity": drawn.entity, "open": list(drawn.open), "problems": flaws})


async def create_edit(request: Request) -> Response:
    """Propose an edit, or with `confirm` carry it out."""
    return json_answer(await request.context.waiters.run(_create, request), status=201)


async def confirm_edit(request: Request) -> Response:
    """Carry a proposal out; answers when it is visible. Safe to repeat."""
    desk, edit_id = request.context.service.edits, request.parameters["id"]
    return json_answer(_shown(await request.context.waiters.run(desk.confirm, edit_id, request.actor)))


async def list_edits(request: Request) -> Response:
    """The last edits, the newest first."""
    limit = min(USUAL if (asked := request.query.integer("limit")) is None else asked, MOST)
    edits = await request.context.readers.run(request.context.service.edits.newest, limit)
    return json_answer({"items": [_shown(edit) for edit in edits]})


async def get_edit(request: Request) -> Response:
    """One edit with its differences."""
    return json_answer(_shown(await request.context.readers.run(request.context.service.edits.get, _id(request))))


def _create(request: Request) -> JsonObject:
    body, desk = request.read(NewEdit), request.context.service.edits
    if [bool(body.changes), body.undo is not None, body.create is not None].count(True) != 1:
        raise InputError(
            "an edit has changes, the id of an edit to undo, or an entity to create", hint="send one of the three"
        )
    if body.create is not None:
        new = body.create
        proposal = desk.propose_new(new.text, new.location, new.path, body.target, body.message, request.actor)
    elif body.undo is not None:
        proposal = desk.propose_undo(body.undo, body.target, body.message, request.actor)
    else:
        proposal = desk.propose([_change(one, body, request.actor) for one in body.changes], body.target, body.message)
    if not body.confirm:
        return _proposed(proposal)
    if proposal.problems:
        raise UnfitError(proposal.problems)
    return _shown(desk.confirm(proposal.edit.id, request.actor))


def _change(one: DocumentChange, body: NewEdit, actor: str) -> Change:
    if bool(one.path) == (one.text is not None):
        raise InputError("a change names the path of a field, or the text of the document", hint="send one of the two")
    if one.text is None and one.value is None and one.op != "remove":
        raise InputError(f"{one.path}: null is no value", hint='"op": "remove" removes a field')
    ref = _ref(one.ref)
    if one.text is not None:
        return Change(ref, WHOLE, "replace", one.text, body.target, actor, body.if_match)
    return Change(ref, canonical(one.path), one.op, one.value, body.target, actor, body.if_match)


def _proposed(proposal: Proposal) -> JsonObject:
    return {**_shown(proposal.edit), "problems": [_problem(problem) for problem in proposal.problems]}


def _problem(problem: Problem) -> JsonObject:
    return {name: value for name, value in asdict(problem).items() if name != "name"}


def _shown(edit: Edit) -> JsonObject:
    return {
        "id": edit.id,
        "at": edit.at,
        "updated": edit.updated,
        "actor": edit.actor,
        "state": edit.state,
        "reason": edit.reason or None,
        "location": edit.location,
        "repository": edit.repository,
        "target": edit.target,
        "branch": edit.branch.removeprefix("refs/heads/"),
        "base": edit.parent or None,
        "commit": edit.commit or None,
        "message": edit.message,
        "undoes": edit.undoes or None,
        "entities": list(edit.refs),
        "changes": [
            {"ref": one.ref, "path": one.path, "op": one.op, "value": one.value, "old": one.expected}
            for one in edit.changes
        ],
        "files": [
            {"path": file.path, "before": file.before, "after": file.after, "diff": file.diff} for file in edit.files
        ],
    }


def _id(request: Request) -> str:
    return request.parameters["id"]


def _ref(text: str) -> str:
    try:
        return str(parse_ref(text))
    except RefError as error:
        raise InputError(str(error)) from None
