"""Query parameters: what a route takes, and the reading of what a client sent (spec 3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from syncd.errors import InputError

MAX_INTEGER = 2**31 - 1
MAX_SECONDS = 3600.0

Form = Literal["text", "list", "commas", "integer", "seconds"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter.

    `form`: a text, or an integer or number of seconds (given once, not negative), a list (repeatable, also spelled
    `name[]`), or texts cut at commas (also repeatable). `choices` are the only texts allowed where there are any;
    `minimum` is the smallest integer. An empty value is refused unless `may_be_empty`.
    """

    name: str
    form: Form = "text"
    choices: tuple[str, ...] = ()
    minimum: int = 0
    may_be_empty: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it may stand in a URL more than once."""
        return self.form in ("list", "commas")


class Query:
    """The parameters of one request, checked against those that its route takes."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def texts(self, name: str) -> list[str]:
        """All values of a list, in the order of the URL; for texts cut at commas, the pieces."""
        return self._values.get(name, [])

    def text(self, name: str) -> str | None:
        """The value, or None where it was not given."""
        values = self._values.get(name)
        return values[0] if values else None

    def integer(self, name: str) -> int | None:
        """The value as an integer, or None where it was not given."""
        text = self.text(name)
        return None if text is None else int(text)

    def seconds(self, name: str) -> float | None:
        """The value as a number of seconds, or None where it was not given."""
        text = self.text(name)
        return None if text is None else float(text)


NO_QUERY = Query({})


def read_query(query_string: bytes, known: Mapping[str, Parameter]) -> Query:
    """Read the part of a URL after `?`; InputError for what no parameter of the route allows."""
    if not query_string:
        return NO_QUERY
    values: dict[str, list[str]] = {}
    for spelled, text in _pairs(query_string):
        parameter = _known(spelled, known)
        if not text and not parameter.may_be_empty:
            raise InputError(f"query parameter {parameter.name} is empty", hint="leave it out or give it a value")
        if "\x00" in text:
            raise InputError(f"query parameter {parameter.name} holds a NUL character")
        if parameter.name in values and not parameter.repeatable:
            raise InputError(f"query parameter {parameter.name} is given more than once")
        _check(parameter, text)
        values.setdefault(parameter.name, []).extend(text.split(",") if parameter.form == "commas" else [text])
    return Query(values)


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise InputError("the query is not percent-encoded UTF-8") from error


def _known(spelled: str, known: Mapping[str, Parameter]) -> Parameter:
    parameter = known.get(spelled)
    if parameter is None and spelled.endswith("[]"):
        parameter = known.get(spelled[:-2])
        if parameter is not None and not parameter.repeatable:
            parameter = None
    if parameter is None:
        taken = ", ".join(known) or "no query parameters"
        raise InputError(f"unknown query parameter {spelled[:100]!r}", hint=f"this path takes {taken}")
    return parameter


def _check(parameter: Parameter, text: str) -> None:
    if parameter.choices and text not in parameter.choices:
        raise InputError(
            f"query parameter {parameter.name} is not one of {', '.join(parameter.choices)}: {text[:100]!r}"
        )
    if parameter.form == "integer":
        is_integer = text.isascii() and text.isdigit() and len(text) <= 10
        if not is_integer or not parameter.minimum <= int(text) <= MAX_INTEGER:
            raise InputError(
                f"query parameter {parameter.name} is not an integer from {parameter.minimum}: {text[:100]!r}"
            )
    if parameter.form == "seconds":
        whole, _, part = text.partition(".")
        is_number = text.isascii() and (whole + part).isdigit() and len(text) <= 16
        if not is_number or float(text) > MAX_SECONDS:
            raise InputError(
                f"query parameter {parameter.name} is not a number of seconds up to {MAX_SECONDS:.0f}: {text[:100]!r}"
            )
