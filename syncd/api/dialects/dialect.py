"""What a dialect decides: how a failure is spelled, how a body is read, what stands in every answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from pydantic import BaseModel
from starlette.responses import Response

from syncd.api.failures import Failure
from syncd.api.parameters import Parameter
from syncd.api.request import Request

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

_TOO_LARGE = 413
"""The standard library changed what it calls this one."""


def _no_headers(_: Request) -> Headers:
    return ()


def _admit_all(_: Request) -> None:
    return


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to speak HTTP; which one a request gets is decided by its path alone."""

    name: str
    spell: Callable[[Request, Failure, BaseException], Response]
    """The answer to a request that failed; headers of the failure are added by the caller."""
    read: Callable[[Request, bytes], Awaitable[Any]]
    """The value of a body as its media type says, before the route's model looks at it. Raises `InputError`."""
    error: type[BaseModel]
    """What a failure looks like, for the description of the API."""
    error_media: str = "application/json"
    body_media: tuple[str, ...] = ("application/json",)
    """Media types of bodies, and of answers to them."""
    headers: Callable[[Request], Headers] = _no_headers
    """Headers that stand in every answer."""
    admit: Callable[[Request], None] = _admit_all
    """Raises `NotAllowedError` where a caller who is known has no business here."""
    query: Mapping[str, Parameter] = field(default_factory=dict)
    """Query parameters that every route takes, by name: what clients of the dialect send with each call."""


def failure_name(status: int) -> str:
    """A status in one word, such as `not_found`, for dialects whose failures have a name."""
    return "payload_too_large" if status == _TOO_LARGE else HTTPStatus(status).phrase.lower().replace(" ", "_")
