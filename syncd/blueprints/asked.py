"""How a write is meant, beside what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from syncd.errors import ConflictError, PreconditionError
from syncd.model.change import Applied, Change

SOURCE: Final = "port"
"""The door that stands at what was written here."""
ATTEMPTS: Final = 5
"""How often a write is decided again because what it rests on was changed meanwhile."""

Result = TypeVar("Result")


class Apply(Protocol):
    """The one way in which anything is changed."""

    def __call__(
        self, changes: Sequence[Change], *, source: str, request_id: str = ..., dry_run: bool = ...
    ) -> Sequence[Applied]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Who writes, and how. `if_match` is the ETag that the caller holds; `dry_run` writes nothing (P23)."""

    actor: str
    request_id: str = ""
    if_match: str | None = None
    dry_run: bool = False
    create_missing: bool = False


def attempted(decide: Callable[[], Result], asked: Asked) -> Result:
    """What a write comes to; decided again where something it rests on was changed between reading and writing.

    `decide` reads, decides and applies. With an ETag of the caller there is nothing to decide again: 412 (P31).
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return decide()
        except _LostError as lost:
            if asked.if_match is not None:
                raise PreconditionError(str(lost.reason), hint="read it again, then try again") from lost
    try:
        return decide()
    except _LostError as lost:
        raise lost.reason from lost


class _LostError(Exception):
    """Another write came first."""

    def __init__(self, reason: ConflictError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def carry_out_once(apply: Apply, changes: Sequence[Change], asked: Asked) -> None:
    """Apply changes; `ConflictError` where something they rest on was changed meanwhile."""
    if changes:
        apply(changes, source=SOURCE, request_id=asked.request_id, dry_run=asked.dry_run)


def carry_out(apply: Apply, changes: Sequence[Change], asked: Asked) -> None:
    """Apply changes that `attempted` may decide again."""
    try:
        carry_out_once(apply, changes, asked)
    except ConflictError as reason:
        raise _LostError(reason) from reason
