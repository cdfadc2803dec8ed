"""Custom properties by Harness's calls (spec 2 to 4)."""

from collections.abc import Sequence

from starlette.responses import Response

from query.ast import Everything
from syncd.api.dialects.harness import answer
from syncd.api.harness.body import BodyReader, Named, PropertiesBody, Selected, Selection, entity_ref
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.change import Applied, Change
from syncd.model.json import Json, JsonObject
from syncd.overlay.applier import NoEntityError
from syncd.overlay.path import canonical

SOURCE = "harness"
NAMED_AT_MOST = 20
"""Refs that a message names; it counts all of them."""


async def set_properties(request: Request) -> Response:
    """Set what the body asks for: one entity, many, or all that a filter selects."""
    return await _change(request, request.read(PropertiesBody), remove=False)


async def delete_properties(request: Request) -> Response:
    """Delete what the body asks for, or the query where a client drops the body of a DELETE (spec 4)."""
    return await _change(request, _asked(request), remove=True)


async def get_properties(request: Request) -> Response:
    """The custom properties of an entity, or of all entities that have one (spec 3)."""
    ref, path = request.query.text("entity_ref"), request.query.text("property")
    if (ref is None) == (path is None):
        raise InputError("give either entity_ref or property")
    if ref is not None:
        return answer(request, await request.context.readers.run(_of_entity, request, entity_ref(ref, "entity_ref")))
    assert path is not None
    return answer(request, await request.context.readers.run(_of_property, request, canonical(path)))


async def _change(request: Request, body: PropertiesBody, *, remove: bool) -> Response:
    readers = request.context.readers
    asked = await readers.run(_read, request, body, remove)
    dry_run = request.query.text("dry_run") == "true"
    if isinstance(asked, Named):
        return answer(request, await readers.run(_named, request, asked, dry_run, remove))
    return answer(request, await readers.run(_selected, request, asked, dry_run, remove))


def _read(request: Request, body: PropertiesBody, remove: bool) -> Named | Selected:
    book = request.context.service.register.reader.book
    open_prefixes = request.context.settings.overlay.open_prefixes
    return BodyReader(request.actor, open_prefixes, lambda kind: book.like(kind) is not None).read(body, remove=remove)


def _named(request: Request, asked: Named, dry_run: bool, remove: bool) -> Json:
    applied = request.context.service.apply(
        asked.changes, source=SOURCE, request_id=request.id, dry_run=dry_run, pass_over_unknown=asked.many
    )
    unknown = [one.change.ref for one in applied if one.effect == "unknown"]
    if len(unknown) == len(applied):
        raise NoEntityError(unknown[0])
    return {"status": "SUCCESS", "message": _message(applied, unknown, remove)}


def _message(applied: Sequence[Applied], unknown: Sequence[str], remove: bool) -> str:
    done = [one for one in applied if one.effect in ("added", "updated", "removed")]
    verb = "deleted" if remove else "set"
    text = f"{len(done)} of {len(applied)} {'property' if len(applied) == 1 else 'properties'} {verb}"
    if absent := sum(one.effect == "absent" for one in applied):
        text += f"; nothing was stored for {absent}"
    if same := sum(one.effect == "same" for one in applied):
        text += f"; {same} had this value already"
    if unknown:
        more = f" and {len(unknown) - NAMED_AT_MOST} more" if len(unknown) > NAMED_AT_MOST else ""
        text += f"; skipped {len(unknown)} that do not exist: {', '.join(unknown[:NAMED_AT_MOST])}{more}"
    return text


def _selected(request: Request, asked: Selected, dry_run: bool, remove: bool) -> Json:
    chosen = [_changes(request, selection) for selection in asked.selections]
    changes = [change for group in chosen for change in group]
    applied = iter(
        request.context.service.apply(
            changes, source=SOURCE, request_id=request.id, dry_run=dry_run, pass_over_unknown=True
        )
        if changes
        else ()
    )
    replies: list[Json] = []
    for selection, group in zip(asked.selections, chosen, strict=True):
        effects = [next(applied) for _ in group]
        replies.append(_reply(selection, effects, "field" if asked.listed else "property", remove))
    return replies if asked.listed else replies[0]


def _changes(request: Request, selection: Selection) -> list[Change]:
    overrides = dict(selection.overrides)
    refs = [ref for ref in request.context.catalog.refs(selection.where) if ref not in selection.skip]
    return [
        Change(ref, selection.path, selection.op, overrides.get(ref, selection.value), actor=request.actor)
        for ref in refs
    ]


def _reply(selection: Selection, effects: Sequence[Applied], name: str, remove: bool) -> JsonObject:
    def counted(effect: str) -> JsonObject:
        refs: list[Json] = [one.change.ref for one in effects if one.effect == effect]
        return {"count": len(refs), "entity_refs": refs}

    if remove:
        return {name: selection.path, "entities_with_deletion": counted("removed")}
    return {
        name: selection.path,
        "entities_with_additions": counted("added"),
        "entities_with_updates": counted("updated"),
    }


def _of_entity(request: Request, ref: str) -> Json:
    if request.context.catalog.by_ref(ref) is None:
        raise NoEntityError(ref)
    records = request.context.service.overlay.of([ref]).get(ref, ())
    return {"properties": [{"property": one.path, "value": one.value, "mode": one.base} for one in records]}


def _of_property(request: Request, path: str) -> Json:
    records = request.context.service.overlay.at_path(path)
    documents = request.context.catalog.by_refs([one.ref for one in records], Everything())
    present = [one for one, document in zip(records, documents, strict=True) if document is not None]
    mode = present[0].base if present else "replace"
    return {"entity_refs": [{"entity_ref": one.ref, "value": one.value} for one in present], "mode": mode}


def _asked(request: Request) -> PropertiesBody:
    body = request.read(PropertiesBody)
    if body.model_fields_set:
        return body
    asked: dict[str, object] = {}
    for name in ("entity_ref", "property"):
        if (text := request.query.text(name)) is not None:
            asked[name] = text
    for name in ("entity_refs", "properties"):
        if texts := request.query.texts(name):
            asked[name] = texts
    return PropertiesBody.model_validate(asked)
