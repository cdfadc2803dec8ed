"""What the overview of an entity says, as sections of lines; nothing here knows how it is drawn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tui.model.columns import plain_value
from tui.model.json_value import mapping, sequence
from tui.model.orphan import is_orphan
from tui.model.source import EntityDetails, ProblemItem
from tui.model.symbols import Mark
from tui.model.times import ago
from tui.model.yaml_places import field_text

SHOWN_TARGETS = 12
"""Relation targets listed for one relation; the rest is counted, never dropped in silence."""

_METADATA = frozenset(
    ("name", "namespace", "title", "description", "tags", "annotations", "labels", "links", "uid", "etag")
)
"""What has a place of its own in the overview, or in the inspection; the rest of `metadata` was added by somebody."""

_SPEC_FIRST = ("type", "lifecycle", "owner", "system", "domain", "subcomponentOf", "profile")


@dataclass(frozen=True, slots=True)
class Line:
    """A label and a text; `mark` colours the text and puts its symbol in front.

    `field` is the path of the field that says it, `ref` the entity and `url` the address that it leads to.
    """

    label: str
    text: str
    mark: Mark | None = None
    quiet: bool = False
    field: str = ""
    ref: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; the first section has none. `long`: full of refs and URLs, which need a line of their own
    where there is little room."""

    title: str
    lines: tuple[Line, ...]
    long: bool = False


def sections(details: EntityDetails, now: datetime) -> tuple[Section, ...]:
    """The overview, most wanted first. Sections without lines are left out."""
    entity = details.entity
    made = (
        Section("", tuple(_told(_about(entity), details))),
        Section("Problems", tuple(_problem_lines(details.problems)), long=True),
        Section("Fields", tuple(_told(_fields(entity), details))),
        Section("Relations", tuple(_relations(entity)), long=True),
        Section("Source", tuple(_source(details, now)), long=True),
        Section("Annotations", tuple(_told(_pairs(entity, "annotations"), details)), long=True),
        Section("Labels", tuple(_told(_pairs(entity, "labels"), details)), long=True),
        Section("Links", tuple(_links(entity)), long=True),
    )
    return tuple(section for section in made if section.lines)


def _told(lines: Iterable[Line], details: EntityDetails) -> Iterator[Line]:
    """The lines, those marked of which somebody said something beside git."""
    for line in lines:
        over = [who for path, who in details.overlay.items() if line.field and is_within(path, line.field)]
        if over:
            who = ", ".join(dict.fromkeys(filter(None, over)))
            line = replace(line, text=f"{line.text}   beside git{f' by {who}' if who else ''}", mark=Mark.OVERLAY)
        yield line


def is_within(path: str, field: str) -> bool:
    """Whether a path is a field or leads into it."""
    return path == field or path.startswith((f"{field}.", f"{field}["))


def heading(details: EntityDetails) -> tuple[str, str]:
    """Title (or name) of an entity and what it is: `("Payments API", "Component · service")`."""
    metadata, spec = mapping(details.entity.get("metadata")), mapping(details.entity.get("spec"))
    title = metadata.get("title") or metadata.get("name") or details.ref
    what = " · ".join(text for text in (_text(details.entity.get("kind")), _text(spec.get("type"))) if text)
    return _text(title), what


def fields_of(details: EntityDetails) -> tuple[Line, ...]:
    """What the entity says, field by field, each with a label."""
    entity = details.entity
    lines = (*_fields(entity), *_about(entity), *_pairs(entity, "labels"), *_pairs(entity, "annotations"))
    return tuple(replace(line, label=line.label or line.field.rpartition(".")[2]) for line in lines)


def marks(details: EntityDetails) -> tuple[Mark, ...]:
    """The states the entity is in: ok alone, or what is wrong with it."""
    found = [Mark.ERROR] if details.problems or _status_items(details.entity) else []
    if is_orphan(details.entity):
        found.append(Mark.ORPHAN)
    return tuple(found) or (Mark.OK,)


def _about(entity: Mapping[str, Any]) -> Iterator[Line]:
    description = mapping(entity.get("metadata")).get("description")
    if description:
        yield Line("", _text(description).strip(), field="metadata.description")


def _fields(entity: Mapping[str, Any]) -> Iterator[Line]:
    metadata, spec = mapping(entity.get("metadata")), mapping(entity.get("spec"))
    yield Line("name", _text(metadata.get("name")), field="metadata.name")
    if (namespace := _text(metadata.get("namespace"))) not in ("", "default"):
        yield Line("namespace", namespace, field="metadata.namespace")
    for key in (*_SPEC_FIRST, *(key for key in spec if key not in _SPEC_FIRST)):
        if spec.get(key) not in (None, "", [], {}):
            yield Line(key, plain_value(key, _short(spec[key])), field=field_text(("spec", key)))
    if metadata.get("tags"):
        yield Line("tags", _short(metadata["tags"]), field="metadata.tags")
    for key in metadata:
        if key not in _METADATA and metadata[key] not in (None, "", [], {}):
            yield Line(key, _short(metadata[key]), field=field_text(("metadata", key)))


def _relations(entity: Mapping[str, Any]) -> Iterator[Line]:
    grouped: dict[str, list[str]] = {}
    for relation in sequence(entity.get("relations")):
        pair = mapping(relation)
        grouped.setdefault(_text(pair.get("type")), []).append(_text(pair.get("targetRef")))
    for kind in sorted(grouped):
        targets = sorted(grouped[kind])
        for index, target in enumerate(targets[:SHOWN_TARGETS]):
            yield Line("" if index else kind, target, field=f"relations.{kind}", ref=target)
        if len(targets) > SHOWN_TARGETS:
            yield Line("", f"+{len(targets) - SHOWN_TARGETS} more, all of them in the YAML", quiet=True)


def _problem_lines(problems: Sequence[ProblemItem]) -> Iterator[Line]:
    for problem in problems:
        yield Line(problem.where or problem.code, problem.message, Mark.ERROR)
        if problem.hint:
            yield Line("", problem.hint, quiet=True)


def _links(entity: Mapping[str, Any]) -> Iterator[Line]:
    for link in sequence(mapping(entity.get("metadata")).get("links")):
        pair = mapping(link)
        url = _text(pair.get("url"))
        yield Line(_text(pair.get("title")) or "link", url, field="metadata.links", url=url)


def _pairs(entity: Mapping[str, Any], name: str) -> Iterator[Line]:
    for key, value in mapping(mapping(entity.get("metadata")).get(name)).items():
        yield Line(_text(key), _short(value), field=field_text(("metadata", name, _text(key))))


def _source(details: EntityDetails, now: datetime) -> Iterator[Line]:
    if details.repository:
        yield Line("repository", details.repository)
    if details.path:
        yield Line("file", f"{details.path}:{details.line}" if details.line else details.path)
    if details.git_ref or details.commit:
        yield Line("revision", " ".join(part for part in (details.git_ref, details.commit[:10]) if part))
    if details.url:
        yield Line("web", details.url, url=details.url)
    if details.updated:
        yield Line("updated", f"{ago(details.updated, now)} ago")


def _status_items(entity: Mapping[str, Any]) -> bool:
    items = sequence(mapping(entity.get("status")).get("items"))
    return any(mapping(item).get("level") == "error" for item in items)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _short(value: object) -> str:
    """A value on one line: lists by comma, mappings by their keys."""
    if isinstance(value, Mapping):
        return ", ".join(f"{_text(k)}: {_short(v)}" for k, v in list(value.items())[:8])
    if isinstance(value, list | tuple):
        return ", ".join(_short(item) for item in value)
    lines = _text(value).strip().splitlines() or [""]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … ({len(lines)} lines)"
