r"""The query line, the dialect people type: `kind:component owner:team-a,team-b -tag:legacy checkout sort:-updated`.

    line   = term {space term}                  every term must hold
    term   = ["-"] (test | word)                "-" means not
    test   = field ":" value {"," value}        any of the values; field is a name of `FIELDS` or any dotted path
           | "has:" field {"," field}           any of the fields is there, with a value or null
           | "sort:" ["-"] field {"," ["-"] field}
    word                                        stands somewhere in metadata.name or metadata.title
    value, word, field = plain text | '"' text '"'

Case never matters. A value may end with `*` (begins with), begin and end with `*` (holds), or be `*` (has any value).
Plain text goes to the next space; a field ends at the first colon, a value at the first comma. What holds a space,
comma, quote, colon in a field, leading `-` or a star that is meant goes into double quotes; within them `\"` is a quote
and `\\` a backslash, and nothing else is special. `field:""` asks for the empty text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from query.ast import Everything, Node, Not, Prefix, all_of, any_of, equals, exists, has_text, starts_with
from query.dialects.terms import Piece, Term, read_terms
from query.errors import QueryError
from query.order import Order, limited
from query.text import fold


@dataclass(frozen=True, slots=True)
class Field:
    """A short name for a path. `within` fields are prose: a value need only stand somewhere in them. `relation` fields
    hold a ref, which matches as written and as the target of the relation, a missing kind taken from `kinds`."""

    name: str
    key: str
    about: str
    within: bool = False
    relation: str = ""
    kinds: tuple[str, ...] = ()


FIELDS = {
    entry.name: entry
    for entry in (
        Field("kind", "kind", "kind of the entity"),
        Field("name", "metadata.name", "name"),
        Field("namespace", "metadata.namespace", "namespace"),
        Field("title", "metadata.title", "title, or a part of it", within=True),
        Field("description", "metadata.description", "description, or a part of it", within=True),
        Field("uid", "metadata.uid", "uid"),
        Field("tag", "metadata.tags", "one of the tags"),
        Field("type", "spec.type", "type within the kind"),
        Field("lifecycle", "spec.lifecycle", "lifecycle"),
        Field("owner", "spec.owner", "owner, a group or user", relation="relations.ownedby", kinds=("group", "user")),
        Field("system", "spec.system", "system it is part of", relation="relations.partof", kinds=("system",)),
        Field("domain", "spec.domain", "domain it is part of", relation="relations.partof", kinds=("domain",)),
        Field("parent", "spec.parent", "parent of a group", relation="relations.childof", kinds=("group",)),
        Field("memberof", "spec.memberof", "group of a user", relation="relations.memberof", kinds=("group",)),
        Field(
            "dependson",
            "spec.dependson",
            "what it depends on",
            relation="relations.dependson",
            kinds=("component", "resource"),
        ),
        Field("provides", "spec.providesapis", "API it provides", relation="relations.providesapi", kinds=("api",)),
        Field("consumes", "spec.consumesapis", "API it consumes", relation="relations.consumesapi", kinds=("api",)),
    )
}
"""The short names, beside `ref`, `has` and `sort`."""

PREFIXES = {"label": "metadata.labels", "annotation": "metadata.annotations"}
"""`label.tier` is `metadata.labels.tier`."""

SORT_ONLY = ("updated",)
"""Names that `sort` knows beside the fields."""

_WORD_KEYS = ("metadata.name", "metadata.title")
_DEFAULT_NAMESPACE = "default"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks for: which entities, in which order."""

    where: Node = field(default_factory=Everything)
    order: tuple[Order, ...] = ()


def parse_line(text: str) -> Line:
    """Read a query line; the empty one means everything.

    Raises `QueryError` with the position of what cannot be read and, for a misspelt field, the nearest name.
    """
    parts: list[Node] = []
    order: list[Order] = []
    for term in read_terms(text):
        if term.field is not None and fold(term.field.text) == "sort":
            order.extend(_sort(term))
        else:
            part = _part(term)
            parts.append(Not(part) if term.negated else part)
    return Line(all_of(parts), limited(order))


def _part(term: Term) -> Node:
    if term.field is None:
        return any_of(has_text(key, term.values[0].text) for key in _WORD_KEYS)
    name = fold(term.field.text)
    if name == "has":
        return any_of(_has(piece) for piece in term.values)
    if name == "ref":
        return any_of(_ref(piece) for piece in term.values)
    return _test(_resolve(term.field), term.values)


def _resolve(piece: Piece) -> Field:
    """The field that a name, a prefixed name or a dotted path means."""
    name = fold(piece.text)
    if name in FIELDS:
        return FIELDS[name]
    first, dot, rest = name.partition(".")
    if not dot:
        raise _unknown(piece, [*FIELDS, *PREFIXES, "ref", "has", "sort"])
    if not rest or not first:
        raise QueryError(f"{piece.text!r} is no path", piece.position, "write a path such as spec.type")
    return Field(name, f"{PREFIXES[first]}.{rest}" if first in PREFIXES else name, "")


def _unknown(piece: Piece, names: Sequence[str]) -> QueryError:
    near = get_close_matches(fold(piece.text), names, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"fields are {', '.join(names)}, or a path such as spec.type"
    return QueryError(f"unknown field {piece.text!r}", piece.position, hint)


# Tests --------------------------------------------------------------------------------------------------------------


def _test(target: Field, values: Sequence[Piece]) -> Node:
    """Any of the values; the plain ones of one key become one leaf."""
    plain = [piece.text for piece in values if not piece.starred]
    starred = [piece for piece in values if piece.starred]
    parts = [_plain(target, plain)] if plain else []
    return any_of([*parts, *(_starred(target, piece) for piece in starred)])


def _plain(target: Field, texts: Sequence[str]) -> Node:
    if target.within:
        return any_of(has_text(target.key, text) if text else equals(target.key, [text]) for text in texts)
    parts: list[Node] = [equals(target.key, texts)]
    if target.relation:
        parts.append(equals(target.relation, [ref for text in texts for ref in _full_refs(text, target.kinds)]))
    return any_of(parts)


def _starred(target: Field, piece: Piece) -> Node:
    body = piece.text.strip("*")
    if not body:
        return Prefix(fold(target.key), "")
    if not piece.text.endswith("*"):
        raise QueryError(f"{piece.text!r} begins with a star only", piece.position, f'write *{body}* or "{piece.text}"')
    if piece.text.startswith("*"):
        return has_text(target.key, body)
    refs = _full_refs(body, target.kinds) if target.relation else []
    return any_of([starts_with(target.key, body), *(starts_with(target.relation, ref) for ref in refs)])


def _full_refs(text: str, kinds: Sequence[str]) -> list[str]:
    """The refs that a text may mean where the kind is one of `kinds` unless written (spec 1.4)."""
    colon, slash = text.find(":"), text.find("/")
    kind, rest = (text[:colon], text[colon + 1 :]) if colon != -1 and not -1 < slash < colon else ("", text)
    namespace, separator, name = rest.partition("/")
    if not separator:
        namespace, name = _DEFAULT_NAMESPACE, rest
    return [f"{one}:{namespace}/{name}" for one in ([kind] if kind else kinds)]


def _has(piece: Piece) -> Node:
    target = _resolve(piece)
    return any_of([exists(target.key), *([exists(target.relation)] if _own_relation(target) else [])])


def _own_relation(target: Field) -> bool:
    """Whether the relation says nothing but this field; `partOf` is shared by system and domain."""
    return bool(target.relation) and sum(entry.relation == target.relation for entry in FIELDS.values()) == 1


def _ref(piece: Piece) -> Node:
    """`ref:[kind:][namespace/]name`; a part that is not written is not compared."""
    kind, colon, rest = piece.text.rpartition(":")
    namespace, slash, name = rest.rpartition("/")
    written = [("kind", colon, kind), ("metadata.namespace", slash, namespace), ("metadata.name", ":", name)]
    if any(separator and not part for _, separator, part in written):
        raise QueryError(f"{piece.text!r} is no entity ref", piece.position, "write [kind:][namespace/]name")
    return all_of(equals(key, [part]) for key, separator, part in written if separator)


# Sorting ------------------------------------------------------------------------------------------------------------


def _sort(term: Term) -> list[Order]:
    if term.negated:
        raise QueryError("a sort cannot be negated", term.position, "write sort:-name to sort downward")
    return [_order(piece) for piece in term.values]


def _order(piece: Piece) -> Order:
    descending = piece.text.startswith("-") and not piece.quoted
    named = Piece(piece.text[1:], piece.position + 1, quoted=False) if descending else piece
    return Order(_sort_key(named), "desc" if descending else "asc")


def _sort_key(piece: Piece) -> str:
    name = fold(piece.text)
    if name in SORT_ONLY:
        return name
    if "." not in name and name not in FIELDS:
        raise _unknown(piece, [*FIELDS, *SORT_ONLY])
    return _resolve(piece).key
