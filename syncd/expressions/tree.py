"""An expression as a tree."""

from dataclasses import dataclass
from typing import TypeAlias

from syncd.model.json import Json


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written out."""

    value: Json


@dataclass(frozen=True, slots=True)
class Listing:
    """`[a, b]`."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Reference:
    """A value of the entity: `metadata.links[0].url`."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value that is computed: `metadata.name.split('-')[0]`."""

    whole: "Node"
    key: str | int


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or a method whose first argument is what stands before the dot."""

    name: str
    arguments: "tuple[Node, ...]"
    method: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """`!a`."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Minus:
    """`-a`."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """`a && b && c`."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """`a || b || c`."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a == b` and its relatives; the operator is the symbol, however it was spelled."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b - c` or `a * b / c`, from left to right."""

    first: "Node"
    rest: "tuple[tuple[str, Node], ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """`c ? a : b`."""

    condition: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Otherwise:
    """`a ?: b` takes b where a does not hold, `a ?? b` (`only_null`) where a is null."""

    first: "Node"
    second: "Node"
    only_null: bool


Node: TypeAlias = (
    Literal
    | Listing
    | Reference
    | Part
    | Call
    | Not
    | Minus
    | Every
    | Some
    | Comparison
    | Arithmetic
    | Choice
    | Otherwise
)
