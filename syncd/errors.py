"""What can go wrong, sorted by what helps: waiting, a person, or a better request."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from syncd.model.json import Json
from syncd.model.problem import Problem

_SAID: Final = 200
"""Characters of a value that a message shows."""


class CatalogError(Exception):
    """A failure that is ours to explain: `code` is stable, `hint` says what to do next."""

    code = "error"

    def __init__(self, message: str, *, code: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.hint = hint


class TransientError(CatalogError):
    """The world may be better soon (a remote did not answer): try again after a back-off."""

    code = "transient"


class StalledError(CatalogError):
    """Only a person can help (no such repository, access refused): try at the normal interval, change nothing."""

    code = "stalled"


class InputError(CatalogError):
    """The request is wrong: 400."""

    code = "input"


class UnfitError(InputError):
    """What was sent, or what it leads to, breaks rules: 400. `problems` says each one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(_sentence(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of what was sent; `field` is its dotted path, "" for the whole."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field or 'the body'}: {self.message}"


class FieldError(InputError):
    """Fields of what was sent are wrong: 400. `faults` names each, at least one; the message tells the first."""

    def __init__(self, faults: Sequence[FieldFault], *, hint: str = "") -> None:
        super().__init__(str(faults[0]), hint=hint)
        self.faults = tuple(faults)


class NotFoundError(CatalogError):
    """There is no such thing: 404."""

    code = "not_found"


class EntityNotFoundError(NotFoundError):
    """There is no such entity, where a dialect tells that apart from a path that leads nowhere: 404."""

    code = "entity_not_found"


class ConflictError(CatalogError):
    """It exists already, or something else stands in the way: 409."""

    code = "conflict"


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that says something else by now: its value when the caller read it, and its value now."""

    ref: str
    path: str
    was: Json
    now: Json

    def __str__(self) -> str:
        return f"{self.path} of {self.ref} was {_said(self.was)} when it was read, and is {_said(self.now)} now"


class FieldConflictError(ConflictError):
    """Fields changed since the caller read them: 409. `conflicts` says each with both values (R49)."""

    code = "edit.conflict"

    def __init__(self, conflicts: Sequence[FieldConflict]) -> None:
        super().__init__("; ".join(map(str, conflicts)), hint="read the entity again, then decide again")
        self.conflicts = tuple(conflicts)


class PreconditionError(CatalogError):
    """What the caller wants to change is not any more what it believes it to be: 412."""

    code = "precondition_failed"


class NotAllowedError(CatalogError):
    """Refused: 403."""

    code = "not_allowed"


class AuthenticationError(CatalogError):
    """No credentials, or not valid ones: 401."""

    code = "unauthenticated"


class UnavailableError(CatalogError):
    """The daemon cannot do this now: 503."""

    code = "unavailable"


class DiskFullError(UnavailableError):
    """There is no room to write: 507 (R41). Nothing was changed; writing goes on once there is room, reading always."""

    code = "disk_full"


class ReadOnlyError(UnavailableError):
    """The daemon serves reads only, and the message says why: 503."""

    code = "readonly"


class ConfigError(CatalogError):
    """The configuration cannot be used: exit code 2, nothing started."""

    code = "config"


class LimitError(CatalogError):
    """A limit was hit; the message names it and its value."""

    code = "limit"


def _said(value: Json) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SAID else text[:_SAID] + "…"


def _sentence(problem: Problem) -> str:
    return f"{problem.where}: {problem.message}" if problem.path else problem.message
