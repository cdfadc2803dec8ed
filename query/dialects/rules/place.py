"""Where in the rules something stands, for errors (P44)."""

from collections.abc import Mapping
from dataclasses import dataclass

from query.errors import QueryError


@dataclass(frozen=True, slots=True)
class Place:
    """A path into the question: `rules[2].rules[0].operator`; empty for the question itself."""

    path: str = ""

    def key(self, name: str) -> "Place":
        """The value of a key."""
        return Place(f"{self.path}.{name}" if self.path else name)

    def item(self, index: int) -> "Place":
        """An item of a list."""
        return Place(f"{self.path}[{index}]")

    def fault(self, message: str, hint: str = "") -> QueryError:
        """The error that says what is wrong here."""
        where = self.path or "the query"
        return QueryError(f"{where}: {message}", hint=hint, path=self.path)

    def text(self, rule: Mapping[str, object], name: str) -> str:
        """The text at a key. Raises `QueryError` where it is missing or no text."""
        value = rule.get(name)
        if not isinstance(value, str) or not value:
            raise self.key(name).fault("is missing" if value in (None, "") else f"must be text, not {shown(value)}")
        return value


def shown(value: object) -> str:
    """A value for a sentence."""
    names = {type(None): "null", list: "a list", dict: "an object", bool: str(value).lower()}
    return names.get(type(value), f"{value!r:.60}")
