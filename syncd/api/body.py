"""Request bodies: read with a limit on size and time, as JSON that holds nothing odd, into the route's model."""

import asyncio
import math
from json import JSONDecodeError, JSONDecoder
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, Field, ValidationError

from syncd.api.failures import WRONG_MEDIA_TYPE, RequestRefusedError
from syncd.api.request import Request
from syncd.errors import FieldError, FieldFault, InputError

DRAINED_BYTES = 8 * 1024 * 1024
"""How much of a body that is too large is still taken in, so that the client gets to read why it was refused."""

MAX_DEPTH = 64
MAX_FAULTS = 20
"""Fields that a failure names."""


class NotJsonError(InputError):
    """A body breaks the grammar of JSON: 400."""


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


Absent = Field(json_schema_extra=_without_default)
"""Marks a property whose default only stands for its absence: the description of the API names no default."""


async def read_body(request: Request, limit: Literal["body_size", "webhook_body_size"] = "body_size") -> bytes:
    """The whole body; refused with 413 beyond the limit of this name, 408 beyond `body_timeout` (R59)."""
    if (request.header(b"content-encoding") or "identity").lower() != "identity":
        raise RequestRefusedError(415, "compressed request bodies are not accepted", code="body.compressed")
    limits = request.context.limits
    try:
        async with asyncio.timeout(limits.body_timeout.total_seconds()):
            return await _collect(request, limit, getattr(limits, limit))
    except TimeoutError:
        raise RequestRefusedError(
            408, "the body did not arrive in time (limit body_timeout)", code="limit", headers={"connection": "close"}
        ) from None


async def _collect(request: Request, name: str, limit: int) -> bytes:
    announced = request.header(b"content-length")
    if announced is not None and announced.isdigit() and int(announced) > limit + DRAINED_BYTES:
        raise _too_large(name, limit, headers={"connection": "close"})
    content, size = bytearray(), 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise RequestRefusedError(400, "the client went away", code="body.incomplete")
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit + DRAINED_BYTES:
            raise _too_large(name, limit, headers={"connection": "close"})
        if size <= limit:
            content += chunk
        else:
            content.clear()
        if not message.get("more_body", False):
            break
    if size > limit:
        raise _too_large(name, limit)
    return bytes(content)


def _too_large(name: str, limit: int, headers: dict[str, str] | None = None) -> RequestRefusedError:
    return RequestRefusedError(
        413, f"the body is larger than {limit} bytes (limit {name})", code="limit", headers=headers
    )


async def read_json(request: Request, content: bytes) -> Any:
    """The value of a body that must be strict JSON and say so."""
    require_json(request)
    return load_json(content)


def require_json(request: Request, wanted: str = "application/json") -> None:
    """Raise `RequestRefusedError` (415) unless the body is said to be JSON; `wanted` is what may be sent."""
    if not is_json(request.media_type):
        raise RequestRefusedError(
            415,
            f"the body must be JSON; its Content-Type is {request.media_type or 'none'}",
            code=WRONG_MEDIA_TYPE,
            hint=f"send Content-Type: {wanted}",
        )


def as_model(value: Any, model: type[BaseModel]) -> BaseModel:
    """The value of a body as its route declares it; `FieldError` names the fields that are wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[:MAX_FAULTS]
        faults = [
            FieldFault(".".join(str(part) for part in one["loc"]), one["msg"].removeprefix("Value error, "))
            for one in found
        ]
        raise FieldError(faults) from None


def load_json(content: bytes) -> Any:
    """JSON without NaN, doubled keys, endless numbers, NUL, lone surrogates or deep nesting (R29); else InputError.

    An integer beyond 64 bits becomes the nearest number that JavaScript has, as in a descriptor.
    """
    try:
        text = content.decode("utf-8")
        value = _DECODER.decode(text)
        if "\\u" in text:
            _check_texts(value)
    except JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotJsonError(f"the body is not JSON: {error.msg} at {where}") from None
    except UnicodeError:
        raise InputError("the body is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _OddJsonError) else "it holds what no entity can hold"
        raise InputError(f"the body cannot be used: {reason}") from None
    if content.count(b"[") + content.count(b"{") > MAX_DEPTH and _is_deep(value, MAX_DEPTH):
        raise InputError(f"the body is nested more than {MAX_DEPTH} deep")
    return value


def _check_texts(value: object) -> None:
    """Raise UnicodeError for half a surrogate pair, _OddJsonError for the character NUL: no store keeps them."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            item.encode("utf-8")
            if "\0" in item:
                raise _OddJsonError("a text holds the character NUL")
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def is_json(media_type: str) -> bool:
    """Whether a media type (lower case, without parameters) is one of JSON."""
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def _is_deep(value: object, allowed: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return allowed == 0 or any(_is_deep(child, allowed - 1) for child in children)


class _OddJsonError(ValueError):
    """JSON that the standard library would take and we do not."""


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _OddJsonError("an object has the same key twice")
    return value


def _no_constant(text: str) -> NoReturn:
    raise _OddJsonError(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _OddJsonError(f"{text[:20]} is beyond all numbers")
    return number


def _integer(text: str) -> int | float:
    if len(text) > _LONGEST_INTEGER:
        return _finite(text)
    value = int(text)
    return value if -(2**63) <= value < 2**63 else float(value)


_LONGEST_INTEGER = 20
_DECODER = JSONDecoder(
    object_pairs_hook=_no_doubled_keys, parse_constant=_no_constant, parse_float=_finite, parse_int=_integer
)
