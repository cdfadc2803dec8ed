"""The web of relations around one entity: a walk in breadth, each entity once, with a count of what is left off."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from query.arrows import FORWARD, REVERSE

Direction: TypeAlias = Literal["out", "in", "both", "impact"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("out", "in", "both", "impact")

_PROVIDED: Final = "providesApi"
_NEEDED: Final = frozenset({"dependsOn", "consumesApi", "partOf"})
"""Impact: who goes takes along what depends on it, consumes it or is part of it, and the APIs that it provides."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A relation by its forward name."""

    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class View:
    """What to walk: `direction` out follows relations by their forward names, in against them, both either way, impact
    to whatever may break when the root goes. `types` are forward names, none means all. `depth` counts relations."""

    depth: int
    direction: Direction = "out"
    types: frozenset[str] = frozenset()
    max_nodes: int = 500
    max_edges: int = 5000


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog says of a ref: its own relations by the names it says them under. `exists` False for a ref that
    others point at and no entity has; its relations are then what the others say. `owner` is a ref."""

    kind: str
    title: str | None
    relations: Sequence[tuple[str, str]]
    exists: bool = True
    type: str | None = None
    owner: str | None = None


def told_by(entity: Mapping[str, Any]) -> Known:
    """What an entity says of itself; a text that is none is left out."""
    relations = [(one["type"], one["targetRef"]) for one in entity["relations"]]
    owner = next((target for name, target in relations if name == "ownedBy"), None)
    title, type_ = entity["metadata"].get("title"), (entity.get("spec") or {}).get("type")
    return Known(
        entity["kind"],
        title if isinstance(title, str) else None,
        relations,
        type=type_ if isinstance(type_, str) else None,
        owner=owner,
    )


def untold(ref: str, relations: Sequence[tuple[str, str]] = ()) -> Known:
    """What is known of the ref of no entity: what others say of it."""
    return Known(ref.partition(":")[0], None, relations, exists=False)


@dataclass(slots=True)
class Node:
    """An entity of the graph, or the ref of none; `hidden` relations lead from it to what is not shown."""

    ref: str
    kind: str
    title: str | None
    depth: int
    missing: bool
    hidden: int = 0
    type: str | None = None
    owner: str | None = None


@dataclass(slots=True)
class Graph:
    """What the walk found. `left_nodes` are the refs next to the shown ones that are not shown, because of the depth or
    the limits; what lies beyond them nobody has looked at. `left_edges` lead there, or were one too many."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left_nodes: int = 0
    left_edges: int = 0


Read: TypeAlias = Callable[[Sequence[str]], Mapping[str, Known]]


def explore(root: str, view: View, read: Read) -> Graph:
    """Walk from `root`; `read` is asked once for each level and answers for every ref."""
    walk = _Walk(root, view)
    while walk.level:
        walk.step(read(walk.level))
    return walk.result()


class _Walk:
    def __init__(self, root: str, view: View) -> None:
        self.level = [root]
        self._view = view
        self._depths = {root: 0}
        self._nodes: list[Node] = []
        self._edges: dict[Edge, None] = {}
        self._left_nodes: set[str] = set()
        self._left_edges: set[Edge] = set()

    def step(self, known: Mapping[str, Known]) -> None:
        """Take in one level; what it leads to is the next."""
        level, self.level = self.level, []
        for ref in level:
            said = known[ref]
            node = Node(
                ref,
                said.kind,
                said.title,
                self._depths[ref],
                missing=not said.exists,
                type=said.type,
                owner=said.owner,
            )
            self._nodes.append(node)
            for edge, other in self._followed(ref, said):
                if not self._shows(edge, other, node.depth + 1):
                    node.hidden += 1

    def result(self) -> Graph:
        """The graph when nothing is left to walk."""
        return Graph(self._nodes, list(self._edges), len(self._left_nodes), len(self._left_edges))

    def _followed(self, ref: str, said: Known) -> Iterator[tuple[Edge, str]]:
        for name, other in said.relations:
            against = name in FORWARD
            type_ = FORWARD.get(name, name)
            if self._view.types and type_ not in self._view.types:
                continue
            if follows(self._view.direction, type_, against=against):
                yield (Edge(other, type_, ref) if against else Edge(ref, type_, other)), other

    def _shows(self, edge: Edge, other: str, depth: int) -> bool:
        if edge in self._edges:
            return True
        full = len(self._edges) >= self._view.max_edges
        if other not in self._depths:
            if full or depth > self._view.depth or len(self._depths) >= self._view.max_nodes:
                self._left_nodes.add(other)
                self._left_edges.add(edge)
                return False
            self._depths[other] = depth
            self.level.append(other)
        elif full:
            self._left_edges.add(edge)
            return False
        self._edges[edge] = None
        return True


def follows(direction: Direction, type_: str, *, against: bool) -> bool:
    """Whether the walk goes along a relation from the end that it stands at: its source, or `against` it."""
    match direction:
        case "out":
            return not against
        case "in":
            return against
        case "both":
            return True
        case "impact":
            return type_ in _NEEDED if against else type_ == _PROVIDED


def reverse_of(type_: str) -> str:
    """What the target calls a relation; its own name where it has no other."""
    return REVERSE.get(type_, type_)
