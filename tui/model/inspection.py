"""What the catalog knows of an entity beside its fields: identity, where it was read, and by way of what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.model.overview import Line, Section
from tui.model.source import EntityDetails, LocationItem
from tui.model.yaml_places import field_text

MANAGED_BY = "backstage.io/managed-by-location"
ORIGIN = "backstage.io/managed-by-origin-location"
SHOWN_COLOCATED = 20
"""Entities of the same place that are listed; the rest is counted."""


def colocated_query(details: EntityDetails) -> str:
    """The query line that means all entities of the same place, "" where the entity names none."""
    place = _annotations(details).get(MANAGED_BY)
    if not isinstance(place, str) or not place:
        return ""
    quoted = place.replace("\\", "\\\\").replace('"', '\\"')
    return f'"metadata.annotations.{MANAGED_BY}":"{quoted}"'


def inspection(
    details: EntityDetails, location: LocationItem | None, colocated: Sequence[str], total: int
) -> tuple[Section, ...]:
    """Identity, source, ancestry, colocated entities; `total` is how many of the latter there are."""
    made = (
        Section("Identity", tuple(_identity(details))),
        Section("Source", tuple(_source(details)), long=True),
        Section("Ancestry", tuple(_ancestry(details, location)), long=True),
        Section("Read from the same place", tuple(_colocated(details, colocated, total)), long=True),
    )
    return tuple(section for section in made if section.lines)


def _identity(details: EntityDetails) -> Iterator[Line]:
    metadata = details.entity.get("metadata")
    known: Mapping[str, Any] = metadata if isinstance(metadata, Mapping) else {}
    yield Line("ref", details.ref)
    yield Line("apiVersion", str(details.entity.get("apiVersion") or ""), field="apiVersion")
    for key in ("uid", "etag"):
        if known.get(key):
            yield Line(key, str(known[key]), field=f"metadata.{key}")
    if details.updated:
        yield Line("updated", details.updated)


def _source(details: EntityDetails) -> Iterator[Line]:
    if not details.repository:
        yield Line("", "it is not read from a file", quiet=True)
        return
    yield Line("repository", details.repository)
    yield Line("branch", details.git_ref)
    yield Line("file", f"{details.path}:{details.line}" if details.line else details.path)
    yield Line("blob", details.blob)
    yield Line("commit", details.commit)
    if details.url:
        yield Line("web", details.url, url=details.url)


def _ancestry(details: EntityDetails, location: LocationItem | None) -> Iterator[Line]:
    """From the registered location down to the file that says the entity."""
    if location is not None:
        ref = f" @{location.ref}" if location.ref else ""
        yield Line("location", f"{location.type} {location.target}{ref}")
        yield Line("id", location.id, quiet=True)
    elif details.location:
        yield Line("location", details.location)
    annotations = _annotations(details)
    for label, key in (("by way of", ORIGIN), ("read at", MANAGED_BY)):
        if isinstance(place := annotations.get(key), str):
            yield Line(label, place, field=field_text(("metadata", "annotations", key)))


def _colocated(details: EntityDetails, refs: Sequence[str], total: int) -> Iterator[Line]:
    others = [ref for ref in refs if ref != details.ref]
    for ref in others[:SHOWN_COLOCATED]:
        yield Line("", ref, ref=ref)
    left = total - 1 - len(others[:SHOWN_COLOCATED])
    if left > 0:
        yield Line("", f"+{left:,} more", quiet=True)


def _annotations(details: EntityDetails) -> Mapping[str, Any]:
    metadata = details.entity.get("metadata")
    found = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}
