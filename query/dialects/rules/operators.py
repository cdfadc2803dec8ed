"""The operators of rules: what each can be asked of, what value it takes, and what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from query.ast import Node, Not, all_of, compared
from query.dialects.rules.asker import Asker, within
from query.dialects.rules.place import Place, shown
from query.dialects.rules.subject import Subject
from query.dialects.rules.vocabulary import Field
from query.rank import Operator as Comparison
from query.rank import is_time, is_typed, time_text
from query.suggestion import did_you_mean
from query.text import fold, is_searchable, number_text

MAX_VALUES: Final = 1_000
"""How many values a list may hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule about one field: what it is about, the value it compares with and where that stands."""

    subject: Subject
    field: Field
    value: object
    place: Place
    asker: Asker

    def scalar(self, value: object, place: Place) -> str:
        """A value as the index holds it. Raises `QueryError` where the field can have no such value."""
        kind = self._kind
        if isinstance(value, bool):
            fits, text = kind in ("boolean", "any"), str(value).lower()
        elif isinstance(value, int | float):
            fits, text = kind in ("number", "any"), number_text(value) or ""
        elif isinstance(value, str):
            fits, text = kind in ("string", "any"), value
        else:
            fits, text = False, ""
        if not fits:
            raise place.fault(f"{shown(value)} is no {kind}", _WANTED.get(kind, "write a text, a number or a boolean"))
        if self.field.is_time and not is_time(text):
            raise place.fault(f"{shown(value)} is no time", _WANTED["time"])
        return searchable(text, place)

    @property
    def _kind(self) -> str:
        """The type of one value."""
        if self.field.type == "array":
            return self.field.items or "any"
        return "string" if self.field.type == "teams" else self.field.type

    def text(self) -> str:
        """The value, which must be text."""
        if not isinstance(self.value, str):
            raise self.place.fault(f"must be text, not {shown(self.value)}", _WANTED["string"])
        return searchable(self.value, self.place)

    def items(self) -> list[str]:
        """The value, which must be a list."""
        if not isinstance(self.value, list | tuple):
            raise self.place.fault(f"must be a list, not {shown(self.value)}", "write [ … ]")
        if len(self.value) > MAX_VALUES:
            raise self.place.fault(f"holds more than {MAX_VALUES} values", "ask in several requests")
        return [self.scalar(item, self.place.item(index)) for index, item in enumerate(self.value)]


@dataclass(frozen=True, slots=True)
class RuleOperator:
    """`on` are the types it can be asked of (`time` for texts that are times, `timer` for those with an end);
    `negates` means that the rule holds where the meaning does not; `takes_list`, that its value is a list."""

    name: str
    on: tuple[str, ...]
    meaning: Callable[[Asked], Node]
    negates: bool = False
    takes_list: bool = False

    def suits(self, field: Field) -> bool:
        """Whether it can be asked of a field."""
        if field.type == "any" or field.type in self.on:
            return True
        return field.is_time and ("time" in self.on or (field.format == "timer" and "timer" in self.on))


_WANTED: Final = {
    "string": 'write a text, in quotes: "…"',
    "number": "write a number, without quotes",
    "boolean": "write true or false, without quotes",
    "time": "write a time such as 2026-01-31T12:00:00Z",
}
_COMPARISONS: Final[tuple[Comparison, ...]] = (">", ">=", "<", "<=")
_SCALARS: Final = ("string", "number", "boolean", "teams")
_ALL: Final = (*_SCALARS, "object", "array")


def _equal(asked: Asked) -> Node:
    if asked.value is None:
        return Not(asked.subject.present())
    if asked.field.type in ("array", "object"):
        raise asked.place.fault(f"= compares {_a(asked.field.type)} with null only", "ask with contains or containsAny")
    return asked.subject.equal([asked.scalar(asked.value, asked.place)])


def _compare(operator: Comparison) -> Callable[[Asked], Node]:
    def meaning(asked: Asked) -> Node:
        text = asked.scalar(asked.value, asked.place)
        if not asked.field.is_time and (isinstance(asked.value, bool) or not is_typed(fold(text))):
            raise asked.place.fault(f"{operator} compares with a number or a time, not {shown(asked.value)}")
        return compared(asked.field.key, operator, text)

    return meaning


def _contains(asked: Asked) -> Node:
    if asked.field.type in ("array", "teams"):
        return asked.subject.equal([asked.scalar(asked.value, asked.place)])
    return asked.subject.part(asked.text())


def _contains_any(asked: Asked) -> Node:
    return asked.subject.equal(asked.items())


def _begins(asked: Asked) -> Node:
    return asked.subject.begins(asked.text())


def _ends(asked: Asked) -> Node:
    return asked.subject.ends(asked.text())


def _empty(asked: Asked) -> Node:
    return Not(asked.subject.present())


def _present(asked: Asked) -> Node:
    return asked.subject.present()


def _expired(asked: Asked) -> Node:
    return compared(asked.field.key, "<=", time_text(asked.asker.now))


def _running(asked: Asked) -> Node:
    return compared(asked.field.key, ">", time_text(asked.asker.now))


def _between(asked: Asked) -> Node:
    wanted = asked.value
    if isinstance(wanted, Mapping) and wanted.keys() == {"preset"}:
        return within(asked.field.key, wanted["preset"], asked.asker, asked.place.key("preset"))
    if not isinstance(wanted, Mapping) or wanted.keys() != {"from", "to"}:
        raise asked.place.fault(f"is no span of time: {shown(wanted)}", 'write {"from": …, "to": …} or {"preset": …}')
    begins, ends = (_time(asked, name, wanted[name]) for name in ("from", "to"))
    return all_of([compared(asked.field.key, ">=", begins), compared(asked.field.key, "<=", ends)])


def _time(asked: Asked, name: str, value: object) -> str:
    if not isinstance(value, str) or not is_time(value):
        raise asked.place.key(name).fault(f"{shown(value)} is no time", _WANTED["time"])
    return value


OPERATORS: Final[Mapping[str, RuleOperator]] = {
    operator.name: operator
    for operator in (
        RuleOperator("=", _ALL, _equal),
        RuleOperator("!=", _ALL, _equal, negates=True),
        *(RuleOperator(name, ("number", "time"), _compare(name)) for name in _COMPARISONS),
        RuleOperator("contains", ("string", "array", "teams"), _contains),
        RuleOperator("doesNotContains", ("string", "array", "teams"), _contains, negates=True),
        RuleOperator("containsAny", ("array", "teams"), _contains_any, takes_list=True),
        RuleOperator("beginsWith", ("string",), _begins),
        RuleOperator("doesNotBeginsWith", ("string",), _begins, negates=True),
        RuleOperator("endsWith", ("string",), _ends),
        RuleOperator("doesNotEndsWith", ("string",), _ends, negates=True),
        RuleOperator("in", ("string", "number", "teams"), _contains_any, takes_list=True),
        RuleOperator("notIn", ("string", "number", "teams"), _contains_any, negates=True, takes_list=True),
        RuleOperator("isEmpty", _ALL, _empty),
        RuleOperator("isNotEmpty", _ALL, _present),
        RuleOperator("isExpired", ("timer",), _expired),
        RuleOperator("isNotExpired", ("timer",), _running),
        RuleOperator("between", ("time",), _between),
        RuleOperator("notBetween", ("time",), _between, negates=True),
    )
}
"""By name, in the order of the specification."""

ON_ENTITIES: Final = ("relatedTo", "matchAny")
"""Operators that walk relations; `relations.py` reads them."""


def operator_at(rule: Mapping[str, object], place: Place) -> RuleOperator:
    """The operator that a rule names. Raises `QueryError` for none that compares."""
    name = place.text(rule, "operator")
    if name in OPERATORS:
        return OPERATORS[name]
    known = (*OPERATORS, *ON_ENTITIES)
    if name in ON_ENTITIES:
        raise place.key("operator").fault(f"{name} does not compare a property", 'write {"operator": …} alone')
    hint = did_you_mean(name, known, f"operators are {', '.join(known)}")
    raise place.key("operator").fault(f"there is no operator {name[:60]!r}", hint)


def searchable(text: str, place: Place) -> str:
    """A text that values can be compared with. Raises `QueryError` for one that is longer than any of them."""
    if not is_searchable(fold(text)):
        raise place.fault("is longer than any value that can be searched", "values end at 200 characters")
    return text


def _a(type_: str) -> str:
    return f"an {type_}" if type_ in ("array", "object") else f"a {type_}"
