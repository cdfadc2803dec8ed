"""The built-in kinds as one table: what `spec` must and may hold (spec 1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from syncd.model.json import Json, JsonObject
from syncd.process.layout import LAYOUT
from syncd.process.schema import Boolean, Choice, Either, Fields, Items, Rule, Text, Violation

CORE_VERSIONS = ("backstage.io/v1alpha1", "backstage.io/v1beta1")
OWN_VERSION = "git-catalog/v1"
"""The apiVersion of kinds of our own, and of those that Blueprints declare."""
_TEXT = Text()
_ANY_TEXT = Text(empty=True)
_TEXTS = Items(_TEXT)
_MAPPING = Fields()
_REQUIRED: Mapping[str, Rule] = {
    "type": Text(example="service"),
    "lifecycle": Text(example="production"),
    "owner": Text(example="name-of-a-group"),
    "definition": Text(example="{$text: ./openapi.yaml}"),
    "children": _TEXTS,
    "memberOf": _TEXTS,
}
_PROFILE = Fields(optional={"displayName": _TEXT, "email": _TEXT, "picture": _TEXT})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind, spelled as entities must spell it, the apiVersions it is known under, and its `spec`."""

    name: str
    api_versions: tuple[str, ...]
    spec: Fields


def _core(name: str, required: str, texts: str = "", lists: str = "", **others: Rule) -> Kind:
    needed = {field: _REQUIRED[field] for field in required.split()}
    optional: dict[str, Rule] = dict.fromkeys(texts.split(), _TEXT)
    optional |= dict.fromkeys(lists.split(), _TEXTS)
    return Kind(name, CORE_VERSIONS, Fields(needed, optional | others))


_STEP = Fields(
    {"action": _ANY_TEXT},
    {
        "id": _ANY_TEXT,
        "name": _ANY_TEXT,
        "input": _MAPPING,
        "if": Either(_ANY_TEXT, Boolean()),
        "backstage:permissions": Fields(optional={"tags": Items(_ANY_TEXT)}),
    },
)
_DECORATORS = Items(Fields({"id": _ANY_TEXT}, {"input": _MAPPING}))
_TEMPLATE = Kind(
    "Template",
    ("scaffolder.backstage.io/v1beta3",),
    Fields(
        {"type": _REQUIRED["type"], "steps": Items(_STEP)},
        {
            "owner": _TEXT,
            "lifecycle": _TEXT,
            "parameters": Either(_MAPPING, Items(_MAPPING)),
            "secrets": Fields(optional={"schema": _MAPPING}),
            "presentation": _MAPPING,
            "output": Fields(optional={"links": Items(_MAPPING), "text": Items(_MAPPING)}),
            "formDecorators": _DECORATORS,
            "EXPERIMENTAL_recovery": _MAPPING,
            "EXPERIMENTAL_formDecorators": _DECORATORS,
        },
    ),
)

BLUEPRINT = "Blueprint"
"""The kind that declares others (Port 17.1); `own_kinds` says what it holds."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _core("Component", "type lifecycle owner", "system subcomponentOf", "providesApis consumesApis dependsOn"),
        _core("API", "type lifecycle owner definition", "system"),
        _core("Resource", "type owner", "system", "dependsOn"),
        _core("System", "owner", "domain type"),
        _core("Domain", "owner", "subdomainOf type"),
        _core("Group", "type children", "parent", "members", profile=_PROFILE),
        _core("User", "memberOf", profile=_PROFILE),
        _core("Location", "", "type target", "targets", presence=Choice(("required", "optional"))),
        _TEMPLATE,
        Kind(BLUEPRINT, (OWN_VERSION,), _MAPPING),
        Kind("Layout", (OWN_VERSION,), LAYOUT),
    )
}
"""By the exact spelling of the kind; others are declared as Blueprint documents."""


def check_kind(entity: JsonObject, found: list[Violation]) -> bool:
    """Whether the kind is recognised; what is wrong with kind, apiVersion and spec together is added to `found`.

    The envelope has judged each of them alone.
    """
    name, version = entity.get("kind"), entity.get("apiVersion")
    if not isinstance(name, str) or not name:
        return False
    kind = KINDS.get(name)
    if kind is None:
        found.append(_unrecognised(name))
        return False
    if isinstance(version, str) and version and version not in kind.api_versions:
        message = f"{name} with apiVersion {version} is not recognised"
        found.append(Violation(("apiVersion",), "entity.kind", message, f"write {' or '.join(kind.api_versions)}"))
        return False
    _check_spec(kind, entity, found)
    return True


def _check_spec(kind: Kind, entity: JsonObject, found: list[Violation]) -> None:
    spec: Json = entity.get("spec")
    if isinstance(spec, dict):
        kind.spec.check(spec, ("spec",), found)
    elif "spec" not in entity:
        needed = ", ".join(f"spec.{field}" for field in kind.spec.required) or "spec (it may be empty: {})"
        found.append(Violation(("spec",), "entity.missing", "spec is missing", f"a {kind.name} needs {needed}"))


def _unrecognised(name: str) -> Violation:
    same = {known.lower(): known for known in KINDS}
    near = same.get(name.lower()) or next(iter(get_close_matches(name, KINDS, n=1, cutoff=0.75)), None)
    hint = (
        f"write kind: {near}"
        if near
        else f"a kind of your own needs apiVersion: {OWN_VERSION}, and a Blueprint that declares it"
    )
    return Violation(("kind",), "entity.kind", f"kind {name} is not recognised", hint)
