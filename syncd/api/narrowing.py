"""A caller's question, narrowed to what the caller may read, wherever it looks at other entities than the answered."""

from typing import assert_never

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
)
from syncd.errors import NotAllowedError


def narrowed(where: Node, read: Node) -> Node:
    """The entities that are meant and may be read, told apart by what may be read only.

    Raises NotAllowedError for chains of several relations: those between their ends might not be readable.
    """
    return all_of([read, _told_apart(where, read)])


def _told_apart(node: Node, read: Node) -> Node:
    match node:
        case (
            Everything()
            | Nothing()
            | Exists()
            | Below()
            | Equals()
            | Prefix()
            | Contains()
            | Text()
            | Pattern()
            | Compare()
        ):
            return node  # asks of the answered entity alone
        case And(parts):
            return And(tuple(_told_apart(part, read) for part in parts))
        case Or(parts):
            return Or(tuple(_told_apart(part, read) for part in parts))
        case Not(part):
            return Not(_told_apart(part, read))
        case Related():
            return _related(node, read)
        case _:
            assert_never(node)


def _related(node: Related, read: Node) -> Node:
    if node.depth > 1:
        raise NotAllowedError(
            "chains of relations are refused to tokens with a read condition",
            hint="ask for one relation, such as dependson:component:default/x, or use a token that reads everything",
        )
    if isinstance(node.targets, tuple):
        return node
    return Related(node.types, narrowed(node.targets, read), node.depth, node.direction)
