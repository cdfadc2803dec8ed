"""Backstage's predicate language, the body property `query` (spec 3.8): reading it, and printing a tree as one."""

from collections.abc import Iterable, Mapping

from query.ast import (
    And,
    Below,
    Compare,
    Contains,
    Equals,
    Everything,
    Exists,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Prefix,
    Related,
    Text,
    all_of,
    any_of,
    equals,
    exists,
    starts_with,
)
from query.errors import QueryError
from query.text import fold, scalar_text

MAX_DEPTH = 100
"""How deep `$all`, `$any` and `$not` may be nested."""

_LOGIC = ("$all", "$any", "$not")
_MATCHERS = ("$exists", "$in", "$hasPrefix", "$contains")


def parse_predicate(value: object) -> Node:
    """Read a predicate from parsed JSON. Raises `QueryError` for whatever is none (C205-C209)."""
    return _predicate(value, MAX_DEPTH)


def print_predicate(node: Node) -> dict[str, object]:
    """A predicate that reads as a tree of the same meaning.

    Raises `QueryError` for what the language cannot say: text anywhere in a value, patterns, comparisons, and keys
    that begin with `$` or hold a line break.
    """
    match node:
        case Everything():
            return {}
        case Nothing():
            return {"$any": []}
        case And(parts):
            return {"$all": [print_predicate(part) for part in parts]}
        case Or(parts):
            return {"$any": [print_predicate(part) for part in parts]}
        case Not(part):
            return {"$not": print_predicate(part)}
        case Exists(key):
            return {_printable(key): {"$exists": True}}
        case Equals(key, (value,)):
            return {_printable(key): value}
        case Equals(key, values):
            return {_printable(key): {"$in": list(values)}}
        case Prefix(key, value):
            return {_printable(key): {"$hasPrefix": value}}
        case Pattern(key, _) | Compare(key):
            raise QueryError(f"a predicate knows neither patterns nor comparisons, as asked of {key!r}")
        case Below(key):
            raise QueryError(f"a predicate cannot ask for any field below {key!r}")
        case Contains(key, _):
            raise QueryError(f"a predicate cannot ask for text within {key!r}")
        case Text(word):
            raise QueryError(f"a predicate cannot ask for the word {word!r}")
        case Related():
            raise QueryError("a predicate cannot follow relations")


def _predicate(value: object, depth: int) -> Node:
    if not isinstance(value, Mapping):
        raise QueryError(f"{_shown(value)} is not a predicate", hint='write an object such as {"kind": "component"}')
    if depth == 0:
        raise QueryError(f"the predicate is nested more than {MAX_DEPTH} deep", hint="join nested $all and $any")
    operators = [str(key) for key in value if str(key).startswith("$")]
    if not operators:
        return all_of(_matcher(_path(key), matcher) for key, matcher in value.items())
    if operators[0] not in _LOGIC:
        raise QueryError(f"unknown operator {operators[0]!r}", hint=f"the operators here are {', '.join(_LOGIC)}")
    if len(value) > 1:
        raise QueryError(f"{operators[0]} has keys beside it", hint="put the other conditions into an $all with it")
    return _logic(operators[0], value[operators[0]], depth - 1)


def _logic(operator: str, operand: object, depth: int) -> Node:
    if operator == "$not":
        return Not(_predicate(operand, depth))
    if not isinstance(operand, list):
        raise QueryError(f"{operator} needs a list of predicates, not {_shown(operand)}")
    parts = [_predicate(item, depth) for item in operand]
    return all_of(parts) if operator == "$all" else any_of(parts)


def _path(key: object) -> str:
    path = str(key)
    if any(character in path for character in "\n\r\u2028\u2029"):
        raise QueryError(f"the path {path!r} holds a line break")
    return path


def _printable(key: str) -> str:
    if key.startswith("$"):
        raise QueryError(f"a predicate cannot name the key {key!r}")
    return _path(key)


def _matcher(path: str, matcher: object) -> Node:
    if isinstance(matcher, Mapping):
        if not matcher:
            raise QueryError(f"the condition on {path!r} is empty", hint=f"the operators are {', '.join(_MATCHERS)}")
        return all_of(_operator(path, str(name), operand) for name, operand in matcher.items())
    return equals(path, [_text(matcher, f"the value for {path!r}")])


def _operator(path: str, name: str, operand: object) -> Node:
    where = f"{name} on {path!r}"
    match name:
        case "$exists":
            return _exists(path, operand, where)
        case "$in":
            return equals(path, _texts(operand, where))
        case "$hasPrefix":
            if not isinstance(operand, str):
                raise QueryError(f"{where} needs text, not {_shown(operand)}")
            return starts_with(path, operand)
        case "$contains":
            return _relation(path, operand) if isinstance(operand, Mapping) else equals(path, [_text(operand, where)])
        case _:
            raise QueryError(f"unknown operator {where}", hint=f"the operators are {', '.join(_MATCHERS)}")


def _exists(path: str, operand: object, where: str) -> Node:
    if not isinstance(operand, bool):
        raise QueryError(f"{where} needs true or false, not {_shown(operand)}")
    return exists(path) if operand else Not(exists(path))


def _relation(path: str, wanted: Mapping[object, object]) -> Node:
    """`{relations: {$contains: {type, targetRef?}}}`, its keys in any case (C203-C206)."""
    if fold(path) != "relations":
        raise QueryError(
            f"$contains on {path!r} needs a plain value", hint="only relations can be matched by an object"
        )
    parts = {fold(str(key)): value for key, value in wanted.items()}
    if len(parts) < len(wanted) or not parts.keys() <= {"type", "targetref"}:
        raise QueryError("$contains on relations takes type and targetRef, each once")
    relation_type = parts.get("type")
    if not isinstance(relation_type, str):
        raise QueryError("$contains on relations needs a type", hint='write {"type": "ownedBy"}')
    key = f"relations.{relation_type}"
    return equals(key, _targets(parts["targetref"])) if "targetref" in parts else exists(key)


def _targets(wanted: object) -> list[str]:
    if isinstance(wanted, Mapping) and list(wanted) == ["$in"]:
        wanted = wanted["$in"]
        if not wanted:
            raise QueryError("$in on targetRef is empty")
    else:
        wanted = [wanted]
    if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
        raise QueryError("targetRef needs a ref, or $in with a list of refs")
    return wanted


def _texts(operand: object, where: str) -> Iterable[str]:
    if not isinstance(operand, list):
        raise QueryError(f"{where} needs a list, not {_shown(operand)}")
    return [_text(item, where) for item in operand]


def _text(value: object, where: str) -> str:
    text = scalar_text(value) if isinstance(value, (str, bool, int, float)) else None
    if text is None:
        raise QueryError(f"{where} needs text, a number or a boolean, not {_shown(value)}")
    return text


def _shown(value: object) -> str:
    names = {type(None): "null", list: "a list", dict: "an object"}
    return names.get(type(value), repr(value))
