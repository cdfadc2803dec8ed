"""The names that a query line knows: fields to ask for, prefixes of paths, columns to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from query.dialects.line.chains import AFFECTING
from query.dialects.line.tokens import Piece
from query.errors import QueryError
from query.rows import UPDATED
from query.suggestion import did_you_mean
from query.text import fold


@dataclass(frozen=True, slots=True)
class Field:
    """A short name for a path. `within` fields are prose: a value need only stand somewhere in them. `relation` fields
    hold a ref, which matches as written and as the target of the relation, a missing kind taken from `kinds`. The
    values of a `time` field are times and nothing else."""

    name: str
    key: str
    about: str
    within: bool = False
    relation: str = ""
    kinds: tuple[str, ...] = ()
    time: bool = False


FIELDS: Final = {
    entry.name: entry
    for entry in (
        Field("kind", "kind", "kind of the entity"),
        Field("name", "metadata.name", "name"),
        Field("namespace", "metadata.namespace", "namespace"),
        Field("title", "metadata.title", "title, or a part of it", within=True),
        Field("description", "metadata.description", "description, or a part of it", within=True),
        Field("uid", "metadata.uid", "uid"),
        Field("tag", "metadata.tags", "one of the tags"),
        Field("type", "spec.type", "type within the kind"),
        Field("lifecycle", "spec.lifecycle", "lifecycle"),
        Field("owner", "spec.owner", "owner, a group or user", relation="relations.ownedby", kinds=("group", "user")),
        Field("system", "spec.system", "system it is part of", relation="relations.partof", kinds=("system",)),
        Field("domain", "spec.domain", "domain it is part of", relation="relations.partof", kinds=("domain",)),
        Field("parent", "spec.parent", "parent of a group", relation="relations.childof", kinds=("group",)),
        Field("memberof", "spec.memberof", "group of a user", relation="relations.memberof", kinds=("group",)),
        Field(
            "dependson",
            "spec.dependson",
            "what it depends on",
            relation="relations.dependson",
            kinds=("component", "resource"),
        ),
        Field("provides", "spec.providesapis", "API it provides", relation="relations.providesapi", kinds=("api",)),
        Field("consumes", "spec.consumesapis", "API it consumes", relation="relations.consumesapi", kinds=("api",)),
        Field(UPDATED, UPDATED, "time of the last change", time=True),
    )
}
"""The short names of fields, beside `ref` and `has`."""

PREFIXES: Final = {"label": "metadata.labels", "annotation": "metadata.annotations"}
"""`label.tier` is `metadata.labels.tier`."""

RESERVED: Final = ("ref", "has", "sort", "cols", "group", AFFECTING)
"""Names before a colon that are no fields."""

COLUMNS: Final = {
    "kind": "kind",
    "apiversion": "apiVersion",
    "relations": "relations",
    "status": "status",
    "name": "metadata.name",
    "namespace": "metadata.namespace",
    "title": "metadata.title",
    "description": "metadata.description",
    "uid": "metadata.uid",
    "tags": "metadata.tags",
    "labels": "metadata.labels",
    "annotations": "metadata.annotations",
    "links": "metadata.links",
    "type": "spec.type",
    "lifecycle": "spec.lifecycle",
    "owner": "spec.owner",
    "system": "spec.system",
    "domain": "spec.domain",
    "parent": "spec.parent",
    "memberof": "spec.memberOf",
    "dependson": "spec.dependsOn",
    "provides": "spec.providesApis",
    "consumes": "spec.consumesApis",
}
"""Names of columns, and the paths that they show; `ref` and `updated` come beside them."""

SINGULARS: Final = {"tag": "tags", "label": "labels", "annotation": "annotations"}
"""Fields whose column has another name."""

COLUMN_NAMES: Final = (*COLUMNS, "ref", UPDATED)


def column_path(name: str) -> str | None:
    """The path that a column shows, in the spelling of entities; None for a name that is none. `ref` and `updated`
    show themselves."""
    folded = fold(name)
    if folded in ("ref", UPDATED):
        return folded
    path = COLUMNS.get(SINGULARS.get(folded, folded))
    first, dot, rest = name.partition(".")
    if path is None and dot and first and rest:
        return f"metadata.{SINGULARS[fold(first)]}.{rest}" if fold(first) in PREFIXES else name
    return path


def resolve(piece: Piece) -> Field:
    """The field that a name, a prefixed name or a dotted path means; in quotes a path is taken as it is written."""
    name = fold(piece.text)
    if piece.quoted:
        return Field(name, name, "")
    if name in FIELDS:
        return FIELDS[name]
    first, dot, rest = name.partition(".")
    if not dot:
        raise unknown("field", piece, [*FIELDS, *PREFIXES, *RESERVED])
    if not rest or not first:
        raise QueryError(f"{piece.text!r} is no path", piece.position, "write a path such as spec.type")
    if first == "relations":
        return Field(name, name, "", relation=name)
    return Field(name, f"{PREFIXES[first]}.{rest}" if first in PREFIXES else name, "")


def unknown(what: str, piece: Piece, names: Iterable[str]) -> QueryError:
    """The error for a name that is none, with the nearest one that is."""
    known = list(names)
    all_of_them = f"{what}s are {', '.join(known)}, or a path such as spec.type"
    hint = did_you_mean(fold(piece.text)[:100], known, all_of_them)
    return QueryError(f"unknown {what} {piece.text[:100]!r}", piece.position, hint)
