"""What a rule can be about, and the few questions that operators are made of."""

from collections.abc import Callable, Sequence
from typing import Protocol

from query.ast import (
    And,
    Equals,
    Node,
    Not,
    any_of,
    below,
    compared,
    equals,
    exists,
    fitting,
    has_text,
    starts_with,
)
from query.dialects.rules.vocabulary import Field
from query.pattern import escaped
from query.rows import DEFAULT_NAMESPACE, NULL
from query.text import fold

_NAME, _NAMESPACE, _OWNED = "metadata.name", "metadata.namespace", "relations.ownedby"
_IN_DEFAULT = Equals(_NAMESPACE, (DEFAULT_NAMESPACE,))


class Subject(Protocol):
    """Something with values; all texts in any case."""

    def equal(self, values: Sequence[str]) -> Node:
        """It has one of these values."""

    def part(self, text: str) -> Node:
        """It has a value that holds the text."""

    def begins(self, text: str) -> Node:
        """It has a value that begins with the text."""

    def ends(self, text: str) -> Node:
        """It has a value that ends with the text."""

    def present(self) -> Node:
        """It has a value."""


class FieldSubject:
    """A property or meta-property that is one field."""

    def __init__(self, field: Field) -> None:
        self._field = field

    def equal(self, values: Sequence[str]) -> Node:
        """Times are equal whatever zone they are written in."""
        if self._field.is_time:
            return any_of(compared(self._field.key, "=", value) for value in values)
        return equals(self._field.key, values)

    def part(self, text: str) -> Node:
        """See `Subject`."""
        return has_text(self._field.key, text)

    def begins(self, text: str) -> Node:
        """See `Subject`."""
        return starts_with(self._field.key, text)

    def ends(self, text: str) -> Node:
        """See `Subject`."""
        return _ending(self._field.key, text)

    def present(self) -> Node:
        """Null has a row without value, as long texts have one; numbers and booleans are never long."""
        key = self._field.key
        match self._field.type:
            case "number" | "boolean":
                return starts_with(key, "")
            case "object" | "array" | "any":
                return And((any_of([exists(key), below(key)]), Not(equals(NULL, [key]))))
            case _:
                return And((exists(key), Not(equals(NULL, [key]))))


class IdentifierSubject:
    """`$identifier`: the name, with the namespace and a slash before it where that is not the default one."""

    def equal(self, values: Sequence[str]) -> Node:
        """See `Subject`."""
        named = [tuple(value.partition("/")) for value in values if "/" in value]
        elsewhere = [And((_elsewhere(space), equals(_NAME, [name]))) for space, _, name in named]
        return any_of([And((_IN_DEFAULT, equals(_NAME, values))), *elsewhere])

    def part(self, text: str) -> Node:
        """See `Subject`."""
        space, slash, name = text.partition("/")
        elsewhere: Node = any_of([has_text(_NAME, text), has_text(_NAMESPACE, text)])
        if slash:
            elsewhere = And((_ending(_NAMESPACE, space), starts_with(_NAME, name)))
        return _either(lambda key: has_text(key, text), elsewhere)

    def begins(self, text: str) -> Node:
        """See `Subject`."""
        space, slash, name = text.partition("/")
        elsewhere: Node = starts_with(_NAMESPACE, text)
        if slash:
            elsewhere = And((equals(_NAMESPACE, [space]), starts_with(_NAME, name)))
        return _either(lambda key: starts_with(key, text), elsewhere)

    def ends(self, text: str) -> Node:
        """See `Subject`."""
        space, slash, name = text.partition("/")
        whole = _ending(_NAME, text)
        elsewhere = And((_ending(_NAMESPACE, space), equals(_NAME, [name]))) if slash else whole
        return _either(lambda key: _ending(key, text), elsewhere)

    def present(self) -> Node:
        """Every entity has one."""
        return exists(_NAME)


class TitleSubject:
    """`$title`: an entity without one is shown by its identifier."""

    _title = FieldSubject(Field("metadata.title"))
    _identifier = IdentifierSubject()

    def equal(self, values: Sequence[str]) -> Node:
        """See `Subject`."""
        return self._of(lambda subject: subject.equal(values))

    def part(self, text: str) -> Node:
        """See `Subject`."""
        return self._of(lambda subject: subject.part(text))

    def begins(self, text: str) -> Node:
        """See `Subject`."""
        return self._of(lambda subject: subject.begins(text))

    def ends(self, text: str) -> Node:
        """See `Subject`."""
        return self._of(lambda subject: subject.ends(text))

    def present(self) -> Node:
        """Whether a title was given."""
        return self._title.present()

    def _of(self, test: Callable[[Subject], Node]) -> Node:
        return any_of([test(self._title), And((Not(self._title.present()), test(self._identifier)))])


class TeamSubject(FieldSubject):
    """`$team`: the teams of an entity, or the group that owns it, by name."""

    def __init__(self) -> None:
        super().__init__(Field("spec.team", "teams"))

    def equal(self, values: Sequence[str]) -> Node:
        """See `Subject`."""
        owners = [value if fold(value).startswith("group:") else f"group:{_full(value)}" for value in values]
        return any_of([super().equal(values), equals(_OWNED, owners)])

    def present(self) -> Node:
        """See `Subject`."""
        return any_of([super().present(), exists(_OWNED)])


def _either(test: Callable[[str], Node], elsewhere: Node) -> Node:
    """The name of an entity in the default namespace passes the test; in another namespace `elsewhere` holds."""
    return any_of([And((_IN_DEFAULT, test(_NAME))), And((Not(_IN_DEFAULT), elsewhere))])


def _ending(key: str, text: str) -> Node:
    return fitting(key, f"*{escaped(text)}")


def _elsewhere(namespace: str) -> Node:
    return And((Not(_IN_DEFAULT), equals(_NAMESPACE, [namespace])))


def _full(name: str) -> str:
    return name if "/" in name else f"{DEFAULT_NAMESPACE}/{name}"
