"""What is looked at: one line of text says which entities, in which order, with which columns and in which groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.model.columns import DEFAULT_COLUMNS, ORPHAN
from tui.model.query_line import Sign, directive, signs, with_directive, with_sign


@dataclass(frozen=True, slots=True)
class ViewState:
    """A question as a person put it; frozen, so that an answer can be held against its question."""

    query: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table; the first is the one that stays."""
        said = tuple(name for name in directive(self.query, "cols") if name)
        return said or DEFAULT_COLUMNS

    @property
    def asked_columns(self) -> tuple[str, ...]:
        """What the daemon is asked for: the columns, and what the rows' marks need."""
        return (*self.columns, ORPHAN)

    @property
    def sort(self) -> tuple[str, ...]:
        """The columns sorted by, with `-` in front where from high to low; empty where the line names none."""
        return tuple(key for key in directive(self.query, "sort") if key.lstrip("-"))

    @property
    def order(self) -> str:
        """What the daemon is asked to sort by: the group, what the line says, then name."""
        keys = self.sort
        if group := self.group.lower():
            first = f"-{group}" if self.falls(group) else group
            keys = (first, *(key for key in keys if _plain(key) != group))
        return ",".join(keys if "name" in map(_plain, keys) else (*keys, "name"))

    @property
    def rows(self) -> str:
        """The line as rows are asked for: `order` puts them in groups, and counting these is a question of its own."""
        return with_directive(self.query, "group", ()) if self.group else self.query

    @property
    def sort_column(self) -> str:
        """The column that carries the arrow."""
        return _plain(self.sort[0]) if self.sort else "name"

    @property
    def descending(self) -> bool:
        """Whether that column runs from high to low."""
        return bool(self.sort) and self.sort[0].startswith("-")

    def rank(self, key: str) -> int:
        """The place of a column among those sorted by, from 1; 0 where it is none of them."""
        keys = [_plain(one) for one in self.sort] or ["name"]
        return keys.index(key.lower()) + 1 if key.lower() in keys else 0

    def falls(self, key: str) -> bool:
        """Whether a column is sorted from high to low."""
        return f"-{key.lower()}" in [one.lower() for one in self.sort]

    @property
    def group(self) -> str:
        """The field whose values make groups, empty for none."""
        return next(iter(directive(self.query, "group")), "")

    def with_query(self, query: str) -> "ViewState":
        """Another line; surrounding space changes nothing."""
        return replace(self, query=query.strip())

    def sorted_by(self, key: str) -> "ViewState":
        """Sort by a column alone; the one that is sorted by already is turned round."""
        if key.lower() == self.sort_column:
            return self.flipped()
        return self._sorted((key,))

    def sorted_further(self, key: str) -> "ViewState":
        """Sort by a column where those before it are equal; one that is sorted by already is turned round."""
        keys = self.sort or ("name",)
        if self.rank(key):
            return self._sorted([_turned(one) if _plain(one) == key.lower() else one for one in keys])
        return self._sorted((*keys, key))

    def flipped(self) -> "ViewState":
        """The other direction of the first column."""
        keys = self.sort or ("name",)
        return self._sorted((_turned(keys[0]), *keys[1:]))

    def with_columns(self, columns: Sequence[str]) -> "ViewState":
        """Other columns; the usual ones need not be named."""
        named = () if tuple(columns) == DEFAULT_COLUMNS else columns
        return self.with_query(with_directive(self.query, "cols", named))

    def grouped_by(self, field: str) -> "ViewState":
        """Groups by a field, none for the empty one."""
        return self.with_query(with_directive(self.query, "group", (field,) if field else ()))

    def sign(self, field: str, value: str) -> Sign | None:
        """What the line says of a value."""
        return signs(self.query, field).get(value.lower())

    def with_sign(self, field: str, value: str, sign: Sign | None) -> "ViewState":
        """A value included, excluded or neither."""
        return self.with_query(with_sign(self.query, field, value, sign))

    def of_kind(self, kind: str) -> "ViewState":
        """Entities of one kind; all kinds where it is that one already."""
        others = [value for value in signs(self.query, "kind") if value != kind.lower()]
        view = self
        for value in others:
            view = view.with_sign("kind", value, None)
        again = not others and view.sign("kind", kind) is Sign.INCLUDED
        return view.with_sign("kind", kind, None if again else Sign.INCLUDED)

    def _sorted(self, keys: Sequence[str]) -> "ViewState":
        said = () if tuple(keys) == ("name",) else keys
        return self.with_query(with_directive(self.query, "sort", said))


def _plain(key: str) -> str:
    return key.lstrip("-").lower()


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"
