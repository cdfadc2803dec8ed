"""The audit log: what was done to blueprints and entities, from the one log of changes (Port 13, P78)."""

from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.book import Book, blueprint_ref
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.document import field_paths, values_of
from syncd.blueprints.identifier import entity_identifier, entity_ref
from syncd.blueprints.reply import Projection
from syncd.errors import InputError
from syncd.model.json import Json, JsonObject
from syncd.model.timestamp import timestamp
from syncd.overlay.path import parse_path
from syncd.stitch.fit import PREFIX, declared_kind
from syncd.store.story import Asked, Deed, Outcome

ACTIONS: Final[dict[str, Outcome]] = {"CREATE": "added", "UPDATE": "updated", "DELETE": "removed"}
ORIGINS: Final = {"API": False, "GIT": True}
RESOURCES: Final = ("blueprint", "entity", "run", "webhook", "scorecard", "action", "integration")
STATUSES: Final = ("SUCCESS", "FAILURE")
DEFAULT_ROWS: Final = 100
MOST_ROWS: Final = 1000

FILTERS: Final = (
    Parameter("identifier"),
    Parameter("entity"),
    Parameter("blueprint"),
    Parameter("action", choices=tuple(ACTIONS)),
    Parameter("status", choices=STATUSES),
    Parameter("origin", "list", choices=tuple(ORIGINS)),
    Parameter("resources", "list", choices=RESOURCES),
    Parameter("includes", "list"),
    Parameter("from"),
    Parameter("to"),
    Parameter("limit", "integer", minimum=1),
)

_DONE = {outcome: action for action, outcome in ACTIONS.items()}


async def audit_log(request: Request) -> Response:
    """What was done, the newest first."""
    return answer(audits=await request.context.readers.run(_audits, request))


def _audits(request: Request) -> list[JsonObject]:
    query = request.query
    wanted = _asked(request)
    if wanted is None:
        return []
    limit = min(query.integer("limit") or DEFAULT_ROWS, MOST_ROWS)
    book = request.context.service.register.reader.book
    shown = Projection.of(query.texts("includes"), ())
    return [shown.apply(_audit(deed, book)) for deed in request.context.service.stories.deeds(wanted, limit)]


def _asked(request: Request) -> Asked | None:
    """The filters; None where nothing can meet them."""
    query = request.query
    resources = set(query.texts("resources")) & {"blueprint", "entity"}
    if query.text("status") == "FAILURE" or (query.texts("resources") and not resources):
        return None  # what failed changed nothing, and is in no log
    action, origins = query.text("action"), set(query.texts("origin"))
    refs, beginning = _refs(request, resources)
    return Asked(
        refs,
        beginning,
        _time(query.text("from"), "from"),
        _time(query.text("to"), "to"),
        (ACTIONS[action],) if action is not None else ("added", "updated", "removed"),
        ORIGINS[origins.pop()] if len(origins) == 1 else None,
        PREFIX if resources == {"entity"} else "",
    )


def _refs(request: Request, resources: set[str]) -> tuple[tuple[str, ...] | None, str]:
    """The refs that are meant, or what they begin with."""
    query = request.query
    register = request.context.service.register
    blueprint = query.text("blueprint")
    entity = query.text("entity") or query.text("identifier")
    if entity is not None:
        blueprints = [blueprint] if blueprint is not None else [one.identifier for one in register.reader.book.all()]
        refs = [str(entity_ref(one, entity, BUILT_IN)) for one in blueprints] if resources != {"blueprint"} else []
        if query.text("entity") is None and resources != {"entity"}:
            refs.append(blueprint_ref(entity))
        return tuple(refs), ""
    if blueprint is None:
        return None, PREFIX if resources == {"blueprint"} else ""
    if resources == {"blueprint"}:
        return (blueprint_ref(blueprint),), ""
    return None, str(entity_ref(blueprint, "x", BUILT_IN)).partition(":")[0] + ":"


def _audit(deed: Deed, book: Book) -> JsonObject:
    kind = declared_kind(deed.ref)
    blueprint = book.of_ref(deed.ref)
    before, after = _sides(deed, blueprint)
    identifier = next((one["identifier"] for one in (after, before) if one and "identifier" in one), None)
    identifier = identifier or entity_identifier(deed.ref)
    context: JsonObject = {"blueprint": identifier} if kind else {"entity": identifier, "blueprint": _named(blueprint)}
    request_id = deed.detail.get("request_id") if isinstance(deed.detail, dict) else None
    return {
        "identifier": identifier,
        "action": _DONE[deed.outcome],
        "resourceType": "blueprint" if kind else "entity",
        "status": "SUCCESS",
        "trigger": {"by": {"userId": deed.actor}, "origin": "GIT" if deed.actor == "git" else "API", "at": deed.at},
        "context": context,
        "diff": {"before": before, "after": after},
        "message": deed.what,
        "additionalData": {"seq": deed.seq, "requestId": request_id},
    }


def _named(blueprint: Blueprint | None) -> str | None:
    return blueprint.identifier if blueprint is not None else None


def _sides(deed: Deed, blueprint: Blueprint | None) -> tuple[JsonObject | None, JsonObject | None]:
    """What it was before and after; of custom properties those that were changed."""
    before: JsonObject = {}
    after: JsonObject = {}
    for path, old, new in deed.paths:
        for side, value in ((before, old), (after, new)):
            if not path:
                side |= _whole(value, blueprint)
            elif value is not None:
                _put(side, _part(path, blueprint), value)
    return before or None, after or None


def _whole(entity: Json, blueprint: Blueprint | None) -> JsonObject:
    """A definition, or an entity as Port says it."""
    if not isinstance(entity, dict):
        return {}
    if blueprint is None:
        definition = entity.get("spec")
        return definition if isinstance(definition, dict) else entity
    values = values_of(blueprint, entity)
    return {
        "identifier": values.identifier,
        "title": values.title,
        "icon": values.icon,
        "team": [*values.team],
        "properties": values.properties,
        "relations": {name: [*one] if isinstance(one, tuple) else one for name, one in values.relations.items()},
    }


def _part(path: str, blueprint: Blueprint | None) -> tuple[str, ...]:
    """The part of Port's JSON that the path of a custom property is; the path itself where it is none."""
    segments = parse_path(path)
    names = ["title", "icon", "team"]
    if blueprint is not None:
        names += [f"properties.{name}" for name in blueprint.properties]
        names += [f"relations.{name}" for name in blueprint.relations]
        for name in names:
            if segments in field_paths(blueprint, name):
                group, _, rest = name.partition(".")
                return (group, rest) if rest else (group,)
    return (path,)


def _put(side: JsonObject, place: tuple[str, ...], value: Json) -> None:
    if len(place) == 1:
        side[place[0]] = value
        return
    inner = side.setdefault(place[0], {})
    assert isinstance(inner, dict)
    inner[place[1]] = value


def _time(text: str | None, name: str) -> str:
    """A time as the log writes it; `InputError` for what is none."""
    if text is None:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} is not a time: {text[:100]!r}", hint="write 2026-11-24T16:00:00Z") from None
    return timestamp(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
