"""Which kinds may come from which registered location (spec 2.6, R33)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from syncd.model.location import Location
from syncd.model.pattern import Pattern

LocationKey: TypeAlias = tuple[str, str, str, tuple[str, ...]]
"""Type, target, ref and paths: what makes two registrations the same one."""

_SLASHES = re.compile(r"/+")


@dataclass(frozen=True, slots=True)
class AllowedKind:
    """A kind, or those entities of it whose `spec.type` is `type`; letters count in any case (C98)."""

    kind: str
    type: str = ""

    def admits(self, kind: str, type_: str) -> bool:
        """Whether an entity of this kind and `spec.type` ("" where it has none) is meant."""
        return self.kind.lower() == kind.lower() and (not self.type or self.type.lower() == type_.lower())

    def __str__(self) -> str:
        return f"{self.kind} with spec.type {self.type}" if self.type else self.kind


AllowedKinds: TypeAlias = tuple[AllowedKind, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Registered locations of a type: those whose target is `exact`, or matches `pattern`, or all of them."""

    type: str
    exact: str = ""
    pattern: Pattern | None = None

    def matches(self, location: Location) -> bool:
        """Whether the location is one of them; a pattern compares without case."""
        if self.type != location.type or (self.exact and self.exact != location.target):
            return False
        return self.pattern is None or self.pattern.matches(_as_path(location.target))


@dataclass(frozen=True, slots=True)
class Rule:
    """Kinds that may come from any of these origins; without origins, from everywhere."""

    allow: AllowedKinds
    origins: tuple[Origin, ...] = ()

    def covers(self, location: Location) -> bool:
        """Whether the rule speaks of a location."""
        return not self.origins or any(origin.matches(location) for origin in self.origins)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of the configuration; `general` None admits every kind that is recognised (C97)."""

    general: tuple[Rule, ...] | None = None
    own: Mapping[LocationKey, AllowedKinds] = field(default_factory=dict)
    """What single locations add, by their key (C100)."""

    def allowed_from(self, location: Location) -> AllowedKinds | None:
        """The kinds that may come from a registered location, on whatever way; None for all of them."""
        if self.general is None:
            return None
        found = [kind for rule in self.general if rule.covers(location) for kind in rule.allow]
        return tuple(dict.fromkeys((*found, *self.own.get(location_key(location), ()))))


def location_key(location: Location) -> LocationKey:
    """What makes two registrations the same one."""
    return location.type, location.target, location.ref, location.paths


def is_allowed(kind: str, type_: str, allowed: Iterable[AllowedKind]) -> bool:
    """Whether an entity of this kind and `spec.type` is among those allowed."""
    return any(one.admits(kind, type_) for one in allowed)


def target_pattern(text: str) -> Pattern:
    """A glob over targets: `*` stays between two slashes, `**` is any number of folders, letters count in any case.

    Raises `PatternError`.
    """
    return Pattern.parse(_as_path(text))


def _as_path(text: str) -> str:
    """A URL in the form of a path, so that the one linear matcher reads it: `https:/github.com/acme/shop`."""
    return _SLASHES.sub("/", text.lower()).strip("/")
