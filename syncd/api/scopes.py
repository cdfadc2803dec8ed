"""What a caller may do: the one place that decides (R56). Default deny; no scope contains another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from query.ast import Node
from syncd.errors import InputError, NotAllowedError

Scope: TypeAlias = Literal[
    "read", "properties:write", "locations:write", "entities:write", "edits:write", "sql", "admin"
]
SCOPES: tuple[Scope, ...] = get_args(Scope)

Public: TypeAlias = Literal["public"]
"""What a route declares that answers everybody, without data (health)."""

Signed: TypeAlias = Literal["signed"]
"""What a route declares whose handler takes a signature over the body in the place of a token (webhooks)."""

Proven: TypeAlias = Literal["proven"]
"""What a route declares whose handler asks for a signature over the body, and for nothing else (git hosts)."""

KEY_SCOPE: Scope = "properties:write"
"""What a token needs that comes in the place of a signature."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: `name` stands in the log of changes; `token_id` is None for the socket's owner and in open mode."""

    name: str
    scopes: frozenset[str]
    token_id: str | None = None
    expires: datetime | None = None
    read: Node | None = None
    """Which entities may be read; None for all of them."""
    owner: bool = False
    """Whether it is the socket's owner, who may name any local path (R54)."""


def require(principal: Principal, scope: Scope, what: str = "this") -> None:
    """Raise NotAllowedError unless the caller has the scope that a route declares, or that `what` in its body needs."""
    if scope not in principal.scopes:
        raise NotAllowedError(
            f"{what} needs the scope {scope}; {principal.name} has {', '.join(sorted(principal.scopes)) or 'none'}",
            hint=f"use a token with the scope {scope}",
        )


def known_scopes(names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the table, each once; InputError for one that is not a scope, or for none at all."""
    asked = set(names)
    if unknown := asked.difference(SCOPES):
        raise InputError(f"unknown scope {min(unknown)}", hint=f"scopes are {', '.join(SCOPES)}")
    if not asked:
        raise InputError("a token needs at least one scope", hint=f"scopes are {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in asked)
