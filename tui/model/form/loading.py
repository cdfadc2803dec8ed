"""What a form needs of the daemon: the documents as their files say them, the schema of their kind, what lies over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui.answers import JsonObject
from tui.model.form.field import Field, Path, fields_of
from tui.model.form.form import Document, Form
from tui.model.form.properties import Properties
from tui.model.form.rows import RefState
from tui.model.nearest import known_names
from tui.model.source import RefusedError, Source
from tui.property_answers import EntityProperty
from tui.suggestion import nearest

MOST = 100
"""Entities of one form."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A form that is ready to be filled in. `notes` say what cannot be edited, and why."""

    form: Form
    properties: Properties
    kind: str
    namespace: str
    notes: tuple[str, ...] = ()


def load_form(source: Source, refs: Sequence[str]) -> Loaded:
    """Read all that a form is about. Raises SourceError."""
    if len(refs) > MOST:
        raise RefusedError(
            f"{len(refs)} entities are marked; a form takes {MOST}: catalog set --query takes any number"
        )
    documents: list[Document] = []
    records: dict[str, Sequence[EntityProperty]] = {}
    entities: list[Mapping[str, Any]] = []
    notes: list[str] = []
    for ref in refs:
        document, entity, note = _document(source, ref)
        documents.append(document)
        entities.append(entity)
        records[ref] = source.properties(ref)["properties"]
        notes += [note] if note else []
    kinds = list(dict.fromkeys(str(entity.get("kind") or "") for entity in entities))
    schemas = [_schema(source, kind) for kind in kinds]
    fields = _common([fields_of(schema, documents[0].data if len(refs) == 1 else {}) for schema in schemas])
    metadata = entities[0].get("metadata")
    namespace = str(metadata.get("namespace") or "default") if isinstance(metadata, Mapping) else "default"
    told = tuple(dict.fromkeys(notes))
    return Loaded(Form(fields, documents), Properties(records), ", ".join(kinds), namespace, told)


def _document(source: Source, ref: str) -> tuple[Document, Mapping[str, Any], str]:
    details = source.entity(ref)
    place = (details.location, details.repository, details.git_ref)
    try:
        read = source.document(ref)
    except RefusedError as error:
        data = {key: value for key, value in details.entity.items() if key not in ("relations", "status")}
        return Document(ref, data, place=place), details.entity, f"{error}: what you change lies over it"
    note = ""
    if read["write"] == "none":
        note = 'the location of its file has write = "none": what you change lies over the file'
    return Document(ref, document_data(read["text"]), read["blob"], place, read["write"]), details.entity, note


def document_data(text: str) -> JsonObject:
    """What the lines of a document say. Raises RefusedError where they cannot be read."""
    from tui.model.yaml_values import Values, YamlFault, documents

    try:
        found = next(iter(documents(text)), None)
        data = None if found is None else Values().value(found)
    except YamlFault as fault:
        raise RefusedError(f"line {fault.line} of its document cannot be read: {fault}", hint="E opens it") from fault
    if not isinstance(data, dict):
        raise RefusedError("its document is no mapping", hint="E opens it")
    return data


def _schema(source: Source, kind: str) -> JsonObject:
    try:
        return source.schema(kind)
    except RefusedError:  # a kind without one, or an older daemon: what the document has can be edited
        return {}


def _common(found: Sequence[Sequence[Field]]) -> list[Field]:
    """The fields that all kinds have."""
    paths: list[set[Path]] = [{one.path for one in fields} for fields in found]
    return [one for one in found[0] if all(one.path in others for others in paths[1:])]


# -- refs


def full_ref(text: str, kind: str, namespace: str) -> str:
    """A ref as the catalog spells it; "" where the text does not say a kind and none is meant."""
    said, colon, rest = text.partition(":")
    kind, rest = (said, rest) if colon else (kind, text)
    space, slash, name = rest.partition("/")
    if not slash:
        space, name = namespace, space
    return f"{kind}:{space}/{name}".lower() if kind and name else ""


def look_up(source: Source, wanted: Iterable[tuple[str, str]], namespace: str) -> dict[tuple[str, str], RefState]:
    """Whether the entities exist that texts name, each with the kind it means; of those that do not, the nearest."""
    refs = {(kind, text): full_ref(text, kind, namespace) for kind, text in wanted}
    asked = sorted({ref for ref in refs.values() if ref})
    listed = ",".join('"' + ref.replace("\\", "\\\\").replace('"', '\\"') + '"' for ref in asked)
    page = source.entities(f"ref:{listed}", ("name",), "name", 0, len(asked)) if asked else None
    there = {row.ref for row in page.rows} if page else set()
    names: dict[str, list[str]] = {}
    found: dict[tuple[str, str], RefState] = {}
    for place, ref in refs.items():
        kind, _, rest = ref.partition(":")
        if ref in there:
            found[place] = RefState(exists=True)
            continue
        if kind and kind not in names:
            names[kind] = known_names(source, kind)
        near = nearest(rest.removeprefix("default/"), names.get(kind, []))
        found[place] = RefState(exists=False, near=near)
    return found
