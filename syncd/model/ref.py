"""Entity refs: `[kind:][namespace/]name` (C1-C8)."""

from collections.abc import Mapping
from dataclasses import dataclass

from query.ref import ref_text
from syncd.model.json import Json, text_at

DEFAULT_NAMESPACE = "default"


class RefError(ValueError):
    """The text is not an entity ref."""


@dataclass(frozen=True, slots=True)
class EntityRef:
    """The three parts of a ref as written; `str()` gives the canonical, lower-case text that is the key everywhere."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return ref_text(self.kind, self.namespace, self.name)


def parse_ref(text: str, *, kind: str | None = None, namespace: str = DEFAULT_NAMESPACE) -> EntityRef:
    """Read a ref; `kind` and `namespace` fill in what the text leaves out.

    Raises `RefError` for an empty part, or where no kind is written and none is given. Nothing is trimmed and no
    character is judged here (spec 1.4).
    """
    colon, slash = text.find(":"), text.find("/")
    if slash != -1 and slash < colon:
        colon = -1
    kind_part = text[:colon] if colon != -1 else kind
    rest = text[colon + 1 :]
    before, separator, after = rest.partition("/")
    namespace_part, name = (before, after) if separator else (namespace, rest)
    if kind_part is None:
        raise RefError(f"entity ref {text!r} does not say its kind; write kind:{text}")
    if not kind_part or not namespace_part or not name:
        raise RefError(f"entity ref {text!r} has an empty part; the form is [kind:][namespace/]name")
    return EntityRef(kind_part, namespace_part, name)


def ref_of(entity: Mapping[str, Json]) -> EntityRef | None:
    """The ref of an entity or raw document; None where kind or name is not a non-empty string."""
    kind, name = text_at(entity, "kind"), text_at(entity, "metadata", "name")
    if not kind or not name:
        return None
    return EntityRef(kind, text_at(entity, "metadata", "namespace") or DEFAULT_NAMESPACE, name)
