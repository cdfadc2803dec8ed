"""What one term of a query line means."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from query.ast import (
    Node,
    all_of,
    any_of,
    compared,
    equals,
    exists,
    fitting,
    has_text,
)
from query.dialects.line.asker import Asker
from query.dialects.line.chains import AFFECTING, Chain, affected, chained_refs, read_chain
from query.dialects.line.fields import FIELDS, Field, resolve
from query.dialects.line.tokens import Piece, Test
from query.errors import QueryError
from query.pattern import escaped, segments
from query.rank import UNTYPED, Operator, is_time, time_text
from query.rows import DEFAULT_NAMESPACE
from query.terms import text_node
from query.text import fold

ME: Final = "@me"

AGE_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
"""What an age may be counted in."""

_AGE = re.compile(r"([0-9]+)([smhdwy])")
_BY_AGE: Final[dict[str, Operator]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Younger is later."""

_WORD_KEYS = ("metadata.name", "metadata.title")
_REF_PARTS = ("kind", "metadata.namespace", "metadata.name")


def word(piece: Piece) -> Node:
    """Full text; with wildcards, the whole of the name or title, and without a letter or digit a part of them."""
    if piece.wild:
        return any_of(_fitting(key, piece.pattern, piece) for key in _WORD_KEYS)
    return text_node(piece.text) or any_of(has_text(key, piece.text) for key in _WORD_KEYS)


def test(term: Test, asker: Asker) -> Node:
    """A test of a field, of any of several (`has:`) or of the ref."""
    name = "" if term.field.quoted else fold(term.field.text)
    if name in ("has", "ref", AFFECTING) and term.operator != ":":
        raise QueryError(f"{name} takes a colon", term.at, f"write {name}:{term.values[0].text}")
    if name == "has":
        return any_of(has(resolve(piece)) for piece in term.values)
    if name == "ref":
        return any_of(_ref(piece, asker) for piece in term.values)
    if name == AFFECTING:
        return any_of(affected(piece, full_refs) for piece in term.values)
    target = resolve(term.field)
    if term.operator == ":" and not target.time:
        return _any_value(target, term.values, asker)
    if term.operator in (":", "="):
        return _equal(target, term.values, asker)
    return _ordered(target, cast("Operator", term.operator), term.values, asker)


def has(target: Field) -> Node:
    """The field is there, with a value or null."""
    return any_of([exists(target.key), *([exists(target.relation)] if _own_relation(target) else [])])


def values_of(target: Field, texts: Sequence[str]) -> Node:
    """The field has one of these values, as the line means it."""
    if target.within:
        return any_of(has_text(target.key, text) if text else equals(target.key, [text]) for text in texts)
    refs = [ref for text in texts for ref in full_refs(text, target.kinds)] if target.relation else []
    if target.relation in ("", target.key):
        return equals(target.key, [*texts, *refs])
    return any_of([equals(target.key, texts), equals(target.relation, refs)])


def _any_value(target: Field, values: Sequence[Piece], asker: Asker) -> Node:
    """Any of the values; the plain ones of one key become one leaf."""
    for piece in values:
        _refuse_operator(target, piece)
    chains = {piece: chain for piece in values if target.relation and (chain := read_chain(piece)) is not None}
    mine = [piece for piece in values if _is_me(piece)]
    plain = [piece.text for piece in values if not piece.wild and not _is_me(piece) and piece not in chains]
    parts = [values_of(target, plain)] if plain else []
    parts += [_mine(target, piece, asker) for piece in mine]
    parts += [_chained(target, piece, chain) for piece, chain in chains.items()]
    return any_of([*parts, *(_wild(target, piece) for piece in values if piece.wild)])


def _chained(target: Field, piece: Piece, chain: Chain) -> Node:
    refs = full_refs(chain.ref, target.kinds)
    if not refs:
        raise QueryError(f"{piece.text!r} does not say a kind", piece.position, "write kind:[namespace/]name~")
    return chained_refs(target.relation, refs, chain)


def _refuse_operator(target: Field, piece: Piece) -> None:
    if piece.text[:1] in ("<", ">", "=") and not piece.quoted:
        hint = f'write {target.name}{piece.text} without the colon, or "{piece.text}" for the text'
        raise QueryError(f"{piece.text!r} begins with an operator", piece.position, hint)


def _wild(target: Field, piece: Piece) -> Node:
    parts = [_fitting(target.key, piece.pattern, piece)]
    if target.relation and any(not wild for _, wild in segments(piece.pattern)):
        parts += [_fitting(target.relation, ref, piece) for ref in full_refs(piece.pattern, target.kinds)]
    return any_of(dict.fromkeys(parts))


def _fitting(key: str, pattern: str, piece: Piece) -> Node:
    return _placed(lambda: fitting(key, pattern), piece)


def _placed(read: Callable[[], Node], piece: Piece) -> Node:
    """What `read` gives; its refusal at the place of the piece."""
    try:
        return read()
    except QueryError as error:
        raise QueryError(error.message, piece.position, error.hint) from None


def full_refs(text: str, kinds: Sequence[str]) -> list[str]:
    """The refs that a text may mean where the kind is one of `kinds` unless written (spec 1.4)."""
    colon, slash = text.find(":"), text.find("/")
    kind, rest = (text[:colon], text[colon + 1 :]) if colon != -1 and not -1 < slash < colon else ("", text)
    namespace, separator, name = rest.partition("/")
    if not separator:
        namespace, name = DEFAULT_NAMESPACE, rest
    return [f"{one}:{namespace}/{name}" for one in ([kind] if kind else kinds)]


def _own_relation(target: Field) -> bool:
    """Whether the relation says nothing but this field; `partOf` is shared by system and domain."""
    return (
        target.relation not in ("", target.key)
        and sum(entry.relation == target.relation for entry in FIELDS.values()) == 1
    )


# Me -----------------------------------------------------------------------------------------------------------------


def _is_me(piece: Piece) -> bool:
    return not piece.quoted and fold(piece.text) == ME


def _mine(target: Field, piece: Piece, asker: Asker) -> Node:
    """The field refers to the caller, or to a group of theirs."""
    if not target.relation or not {"group", "user"} & set(target.kinds):
        hint = f'{ME} can be asked of owner, memberof and ref; for the text itself write "{ME}"'
        raise QueryError(f"{target.name} holds no user or group", piece.position, hint)
    return equals(target.relation, [ref for ref in _me(piece, asker) if ref.partition(":")[0] in target.kinds])


def _me(piece: Piece, asker: Asker) -> tuple[str, ...]:
    if not asker.me:
        hint = "name yourself: [client] user in the configuration, CATALOG_ME, or the parameter me"
        raise QueryError(f"nobody knows who {ME} is", piece.position, hint)
    return asker.me


def _ref(piece: Piece, asker: Asker) -> Node:
    """`ref:[kind:][namespace/]name`; a part that is not written is not compared."""
    if _is_me(piece):
        piece = Piece(_me(piece, asker)[0], piece.position, True, escaped(asker.me[0]), False)
    kind, colon, rest = piece.pattern.rpartition(":")
    namespace, slash, name = rest.rpartition("/")
    written = [(colon, kind), (slash, namespace), (":", name)]
    if any(separator and not part for separator, part in written):
        raise QueryError(f"{piece.text!r} is no entity ref", piece.position, "write [kind:][namespace/]name")
    parts = zip(_REF_PARTS, written, strict=True)
    return all_of(_fitting(key, part, piece) for key, (separator, part) in parts if separator)


# Comparisons --------------------------------------------------------------------------------------------------------


def _equal(target: Field, values: Sequence[Piece], asker: Asker) -> Node:
    """Any of the values, by type: 80 is 80.0, a date is the whole day."""
    if any(_is_me(piece) or piece.wild for piece in values):
        return _any_value(target, values, asker)
    if target.relation and not target.time:
        return values_of(target, [piece.text for piece in values])
    return any_of(_compared(target, "=", piece) for piece in values)


def _ordered(target: Field, operator: Operator, values: Sequence[Piece], asker: Asker) -> Node:
    piece = values[0]
    if len(values) > 1:
        hint = f"write {target.name}{operator}{piece.text}"
        raise QueryError(f"{operator} compares with one value", values[1].position, hint)
    if piece.wild:
        hint = f'write {target.name}:{piece.text}, or "{piece.text}" for the text'
        raise QueryError(f"{operator} takes no wildcards", piece.position, hint)
    age = _AGE.fullmatch(fold(piece.text)) if not piece.quoted and target.key not in UNTYPED else None
    return _compared(target, operator, piece) if age is None else _aged(target, operator, age, piece, asker)


def _aged(target: Field, operator: Operator, age: re.Match[str], piece: Piece, asker: Asker) -> Node:
    """The value is a time whose age compares so: `<7d` is later than seven days ago."""
    try:
        then = _whole(asker.now, age[2]) - int(age[1][:10]) * AGE_UNITS[age[2]]
    except OverflowError:
        raise QueryError(f"{piece.text} is longer than the calendar", piece.position, "write a shorter age") from None
    return compared(target.key, _BY_AGE[operator], time_text(then))


def _whole(now: datetime, unit: str) -> datetime:
    """Ages begin at the full minute, those in seconds and minutes at the full second: a line that is asked again and
    again means the same for a while."""
    return now.replace(microsecond=0) if unit in "sm" else now.replace(second=0, microsecond=0)


def _compared(target: Field, operator: Operator, piece: Piece) -> Node:
    typed = not piece.quoted
    found = compared(target.key, operator, piece.text, typed=typed)
    if target.time and typed and not is_time(piece.text):
        hint = f"write a date or time such as {target.name}>2026-01-31, or an age such as {target.name}<7d"
        raise QueryError(f"{target.name} is compared with times, and {piece.text!r} is none", piece.position, hint)
    return found
