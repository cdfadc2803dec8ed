"""Rows as entities of a blueprint, and entities as rows: typed by the blueprint, and back without a loss."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui.cli.arrange import unknown_name
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.cell import GONE
from tui.cli.ingestion.columns import RowFault
from tui.cli.ingestion.pipeline import Outcome, Send, Unit
from tui.cli.ingestion.record import MARKS, Record, Records
from tui.cli.ingestion.source import name_of
from tui.cli.ingestion.work import Row
from tui.model.json_value import json_or_text

if TYPE_CHECKING:
    from tui.client import Client

BULK = 20
"""Entities of one request: Port's own limit."""

OWN = ("identifier", "title", "icon", "team")
"""Fields of every entity; the others are properties and relations."""

PARTS = ("properties", "relations")
STAMPS = ("blueprint", "scorecards", "createdAt", "createdBy", "updatedAt", "updatedBy")
"""What Port's replies hold beside, and nobody writes."""


_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TEXT: Mapping[str, Any] = {"type": "string"}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}


class BlueprintColumns:
    """What the columns of a file are by a blueprint's definition (`GET /v1/blueprints/{id}`)."""

    def __init__(self, blueprint: Mapping[str, Any], *, identifier: str | None = None,
                 mapping: Mapping[str, str] | None = None, only: frozenset[str] = frozenset()) -> None:  # fmt: skip
        """`identifier` names the column that identifies an entity, `mapping` gives columns other names."""
        self._properties: Mapping[str, Any] = blueprint.get("schema", {}).get("properties", {})
        self._relations: Mapping[str, Any] = blueprint.get("relations", {})
        self._identifier = identifier
        self._mapping = mapping or {}
        self._only = only
        titled = {**self._relations, **self._properties}
        self._folded: dict[str, str] = {str(one.get("title") or name).casefold(): name for name, one in titled.items()}
        self._folded |= {name.casefold(): name for name in (*titled, *OWN)}

    def field(self, column: str, columns: Sequence[str]) -> str:
        """The field that a column is: by its exact name, then whatever its case, then by its title; "" for none of
        interest. Raises `RowFault` for a column that is no field."""
        if column == self._naming(columns):
            return "identifier"
        if column in MARKS or (self._only and column not in self._only):
            return ""
        said = self._mapping.get(column, column)
        if said in STAMPS and said not in self._properties:
            return ""
        for prefix in ("properties.", "relations."):
            said = said.removeprefix(prefix)
        if not said or said in OWN or said in self._properties or said in self._relations:
            return said
        if said.casefold() not in self._folded:
            near = unknown_name("field", said, (*OWN, *self._properties, *self._relations))
            raise RowFault(f"the column {column!r} is no field of the blueprint", near.next_step)
        return self._folded[said.casefold()]

    def entity(self, fields: Mapping[str, Any], *, is_table: bool) -> dict[str, Any]:
        r"""The entity that a row stands for, as Port's API takes it: a blank cell is left out, `\N` is null.

        Beside columns, `properties` and `relations` may be objects of them, as an export writes. Raises `RowFault`.
        """
        nested = {name: value for name in PARTS if isinstance(value := fields.get(name), dict)}
        flat = {name: cell for name, cell in fields.items() if name not in nested}
        entity: dict[str, Any] = {name: dict(nested.get(name, {})) for name in PARTS}
        columns = tuple(flat)
        for column, cell in flat.items():
            name = self.field(column, columns)
            if not name or (is_table and not str(cell).strip()):
                continue
            value = self._value(column, name, str(cell)) if is_table else cell
            place = entity if name in OWN else entity["relations" if self._is_relation(name) else "properties"]
            place[name] = value
        if not entity.get("identifier"):
            raise RowFault("the row has no identifier", "name its column with --ref")
        return entity

    def row(self, entity: Mapping[str, Any]) -> dict[str, str]:
        """An entity as the cells of a table, which `entity` reads back."""
        given = _own(entity) | dict(entity.get("relations") or {})
        given |= {name: value for name, value in (entity.get("properties") or {}).items() if name in self._properties}
        return {name: _cell(self._definition(name), given.get(name)) for name in self.columns}

    def whole(self, entity: Mapping[str, Any]) -> dict[str, Any]:
        """An entity as an object, without stamps and without what is null."""
        own = {name: value for name, value in _own(entity).items() if value not in (None, [])}
        return own | {name: dict(entity.get(name) or {}) for name in PARTS}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of an exported table."""
        return (*OWN, *self._properties, *(name for name in self._relations if name not in self._properties))

    def _naming(self, columns: Sequence[str]) -> str:
        if self._identifier:
            return self._identifier
        return "identifier" if "identifier" in columns or "id" in self._properties else "id"

    def _is_relation(self, name: str) -> bool:
        return name in self._relations and name not in self._properties

    def _definition(self, name: str) -> Mapping[str, Any]:
        if name == "team":
            return _TEXTS
        if self._is_relation(name):
            return _TEXTS if self._relations[name].get("many") else _TEXT
        definition: Mapping[str, Any] = self._properties.get(name, _TEXT)
        return definition

    def _value(self, column: str, name: str, text: str) -> Any:
        if text == GONE:
            return None
        try:
            return _typed(self._definition(name), text)
        except RowFault as fault:
            raise RowFault(f"{column}: {fault}") from fault


class BlueprintRows:
    """Makes units of rows."""

    def __init__(self, records: Records, columns: BlueprintColumns) -> None:
        """Raises `Failure` where the header of a table makes no sense."""
        self._records = records
        self._columns = columns
        if records.is_table:
            try:
                for column in filter(None, records.columns):
                    columns.field(column, records.columns)
            except RowFault as fault:
                raise Failure(
                    str(fault),
                    where=f"{name_of(records.file)}:1",
                    next_step=f"{fault.hint}; --map COLUMN=FIELD gives it another name, --map COLUMN= leaves it out",
                    code=ExitCode.USAGE,
                ) from fault

    def rows(self) -> Iterator[Row]:
        """Every row."""
        return map(self._row, self._records.rows)

    def _row(self, record: Record) -> Row:
        if record.fault:
            return Row(record, None, record.fault)
        try:
            entity = self._columns.entity(record.fields, is_table=self._records.is_table)
        except RowFault as fault:
            return Row(record, None, str(fault))
        return Row(record, Unit(str(entity["identifier"]), entity, len(json.dumps(entity)), 1, record))


def entity_sender(client: "Client", blueprint: str, **flags: bool) -> Send:
    """Requests for `carried_out`; `flags` are Port's: upsert, merge, create_missing_related_entities,
    validation_only."""

    def send(units: Sequence[Unit]) -> list[Outcome]:
        answer = client.put_entities(blueprint, [unit.body for unit in units], **flags)
        effects = {one["index"]: "added" if one["created"] else "updated" for one in answer.get("entities", [])}
        reasons = {one["index"]: str(one.get("message") or one.get("error")) for one in answer.get("errors", [])}
        return [_outcome(unit, effects.get(at), reasons.get(at)) for at, unit in enumerate(units)]

    return send


def _outcome(unit: Unit, effect: str | None, reason: str | None) -> Outcome:
    if effect is None:
        return Outcome(unit, reason=reason or "the daemon did not say what became of it")
    return Outcome(unit, [effect])


# One cell


def _typed(definition: Mapping[str, Any], text: str) -> Any:
    """The value that a cell means by its definition. Raises `RowFault`."""
    read = _READERS.get(str(definition.get("type")))
    return text if read is None else read(definition, text)


def _number(_definition: Mapping[str, Any], text: str) -> int | float:
    value = json_or_text(text.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RowFault(f"{text!r} is no number")
    return value


def _boolean(_definition: Mapping[str, Any], text: str) -> bool:
    found = _BOOLEANS.get(text.strip().casefold())
    if found is None:
        raise RowFault(f"{text!r} is neither true nor false")
    return found


def _object(_definition: Mapping[str, Any], text: str) -> dict[str, Any]:
    value = json_or_text(text)
    if not isinstance(value, dict):
        raise RowFault(f"{text!r} is no JSON object")
    return value


def _array(definition: Mapping[str, Any], text: str) -> list[Any]:
    value = json_or_text(text) if text.lstrip().startswith("[") else text
    if isinstance(value, list):
        return value
    items = definition.get("items") or _TEXT
    return [_typed(items, part.strip()) for part in text.split(";")]


_READERS: Mapping[str, Callable[[Mapping[str, Any], str], Any]] = {
    "number": _number,
    "boolean": _boolean,
    "object": _object,
    "array": _array,
}


def _own(entity: Mapping[str, Any]) -> dict[str, Any]:
    """What an entity has beside properties and relations. A title that only repeats the identifier is none: replies
    show the identifier where there is no title, and what is read back must change nothing."""
    own = {name: entity.get(name) for name in OWN}
    return own | {"title": None} if own["title"] == own["identifier"] else own


def _cell(definition: Mapping[str, Any], value: Any) -> str:
    r"""The cell that `_typed` reads as the value; blank for null, which an import leaves out."""
    if value is None:
        return ""
    if isinstance(value, str) and definition.get("type") not in _READERS:
        return value
    if isinstance(value, list) and value and all(_is_plain(item) for item in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)


def _is_plain(item: Any) -> bool:
    """Whether an item of a list may stand between semicolons."""
    return isinstance(item, str) and item == item.strip() and item != "" and ";" not in item and item[0] != "["
