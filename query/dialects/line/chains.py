"""`~` in a query line: chains of relations.

`dependson:component:default/x~` asks for what depends on x directly or through others, `~3` for chains of 3 at most.
For `owner` and `memberof` the chain goes through groups: `owner:team-a~` is what team-a or a group below it owns.
`affectedby:x` asks for all that may break when x goes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from query.ast import MAX_REACH, Node, any_of, related
from query.dialects.line.tokens import Piece
from query.errors import QueryError

AFFECTING: Final = "affectedby"
"""The field that asks for what may break when an entity goes."""

AFFECTED_TYPES: Final = ("dependsOn", "consumesApi", "partOf", "apiProvidedBy")
"""What an entity says of another that it needs: whoever goes takes along what says so of it, and so on."""

AFFECTING_KINDS: Final = ("component", "resource", "api", "system", "domain")

_THROUGH: Final = {"relations.ownedby": "childOf", "relations.memberof": "childOf"}
"""Relations whose targets are groups: their chain is one of these, then up the groups."""

_CHAIN: Final = re.compile(r"(.*)~(\d*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chain:
    """A ref as written before the `~`, and how many relations a chain may have."""

    ref: str
    depth: int


def read_chain(piece: Piece) -> Chain | None:
    """The chain that a value asks for; None where it ends with no `~`. Quoted text means itself.

    Raises `QueryError` for a length that is none and for a chain without ref.
    """
    found = None if piece.quoted else _CHAIN.fullmatch(piece.text)
    if found is None:
        return None
    ref, digits = found.groups()
    if not ref or piece.wild:
        raise QueryError(f"{piece.text!r} names no ref before the ~", piece.position, "write a ref such as team-a~")
    if digits and not 1 <= int(digits[:9]) < MAX_REACH:
        at = piece.position + len(ref) + 1
        raise QueryError(f"~{digits} is no length of a chain", at, f"write ~1 to ~{MAX_REACH - 1}, or ~ for any")
    return Chain(ref, int(digits) if digits else MAX_REACH)


def chained_refs(relation: str, refs: Sequence[str], chain: Chain) -> Node:
    """The entities that a chain of a relation, a key such as `relations.dependson`, joins with one of the refs."""
    name = relation.removeprefix("relations.")
    if relation not in _THROUGH:
        return related([name], refs, chain.depth)
    return any_of([related([name], refs), related([name], related([_THROUGH[relation]], refs, chain.depth))])


def affected(piece: Piece, full_refs: Callable[[str, Sequence[str]], list[str]]) -> Node:
    """The entities that may break when one goes; `full_refs` completes what was written with kinds."""
    chain = read_chain(piece) or Chain(piece.text, MAX_REACH)
    if not chain.ref or piece.wild:
        raise QueryError(f"{AFFECTING} takes a ref", piece.position, "write [kind:][namespace/]name")
    return related(AFFECTED_TYPES, full_refs(chain.ref, AFFECTING_KINDS), chain.depth)
