"""`[[rules]]`, and the rules of single locations: which kinds may come from where (R33)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from syncd.config.table import Table, Text
from syncd.model.rules import target_pattern


def _target_pattern(value: str) -> str:
    target_pattern(value)  # PatternError is a ValueError
    return value


def _as_kind(value: object) -> object:
    """A kind alone, or with the key that Backstage's rules have: `"spec.type"`."""
    if isinstance(value, str):
        return {"kind": value}
    if isinstance(value, dict) and "type" not in value:
        inner = value.get("spec")
        nested = inner if isinstance(inner, dict) and inner.keys() == {"type"} else None
        if nested is not None or "spec.type" in value:
            type_ = nested["type"] if nested is not None else value["spec.type"]
            return {**{key: item for key, item in value.items() if key not in ("spec", "spec.type")}, "type": type_}
    return value


class KindSettings(Table):
    """A kind that a rule admits."""

    kind: Text
    """The kind, in any case."""
    type: Text | None = None
    """Only entities with this `spec.type`, in any case."""


class RuleLocationSettings(Table):
    """Registered locations that a rule speaks of."""

    type: Literal["url", "git"]
    """The type of the location."""
    exact: Text | None = None
    """Its target, character by character."""
    pattern: Annotated[Text, AfterValidator(_target_pattern)] | None = None
    """A glob over its target."""

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> "RuleLocationSettings":
        if self.exact is not None and self.pattern is not None:
            raise ValueError("exact and pattern cannot stand together: write two entries")
        return self


AllowedKindSettings = Annotated[KindSettings, BeforeValidator(_as_kind, json_schema_input_type=str | dict[str, Any])]


class LocationRuleSettings(Table):
    """A rule of one location."""

    allow: tuple[AllowedKindSettings, ...]
    """Kinds that are admitted from it beside those of `[[rules]]`."""


class RuleSettings(Table):
    """`[[rules]]`: which kinds may come from which locations."""

    allow: tuple[AllowedKindSettings, ...]
    """Kinds that are admitted: `"Component"`, or `{ kind = "Resource", type = "database" }` for one `spec.type`."""
    locations: tuple[RuleLocationSettings, ...] = ()
    """From where: `{ type = "url", exact = "…" }` or `{ type = "git", pattern = "…" }`; without it, from everywhere."""
