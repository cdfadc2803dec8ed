"""A graph of relations as a tree of lines: each entity is opened once, at its shortest way from the root."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tui.answers import GraphAnswer, GraphEdge, GraphNode
from tui.cli.table import DIM, RED, YELLOW, styled
from tui.safe_text import safe_text

_PROVIDED = "providesApi"
"""In a graph of impact, the one relation that is followed from its source: an API goes with who provides it."""


class _Branch(NamedTuple):
    """One step from an entity: what the relation is called there, and where it leads."""

    label: str
    ref: str
    edge: GraphEdge


class _Level(NamedTuple):
    """An opened entity: what its lines begin with, how it was come by, and what is left to draw of it."""

    indent: str
    path: tuple[str, ...]
    branches: Iterator[tuple[_Branch, bool]]


def tree_lines(graph: GraphAnswer, *, colour: bool = False) -> Iterator[str]:
    """The lines of the tree, safe for a terminal. Marks: `again` for what is opened elsewhere, `cycle` for what the
    line itself came by, `missing` for a ref of no entity, `+N hidden` for relations that are not shown."""
    return _Tree(graph, colour).lines()


class _Tree:
    def __init__(self, graph: GraphAnswer, colour: bool) -> None:
        self._nodes: Mapping[str, GraphNode] = {node["ref"]: node for node in graph["nodes"]}
        self._branches = _branches(graph)
        self._root = graph["root"]
        self._colour = colour
        self._opened: set[str] = set()
        self._drawn: set[int] = set()

    def lines(self) -> Iterator[str]:
        yield self._entity(self._root, [])
        # A stack of our own: a chain may be deeper than the interpreter allows calls to be nested.
        stack: list[_Level] = [_Level("", (self._root,), iter(self._open(self._root)))]
        while stack:
            indent, path, branches = stack[-1]
            following = next(branches, None)
            if following is None:
                stack.pop()
                continue
            branch, is_last = following
            marks, opens = self._marks(branch.ref, path)
            joint = "└─ " if is_last else "├─ "
            yield f"{self._dim(indent + joint + branch.label)} {self._entity(branch.ref, marks)}"
            if opens:
                inner = indent + ("   " if is_last else "│  ")
                stack.append(_Level(inner, (*path, branch.ref), iter(self._open(branch.ref))))

    def _open(self, ref: str) -> list[tuple[_Branch, bool]]:
        """The branches of an entity, each with whether it is the last; a relation is drawn once, from either end."""
        self._opened.add(ref)
        found = [branch for branch in self._branches.get(ref, ()) if id(branch.edge) not in self._drawn]
        self._drawn.update(id(branch.edge) for branch in found)
        return [(branch, at == len(found) - 1) for at, branch in enumerate(found)]

    def _marks(self, ref: str, path: Sequence[str]) -> tuple[list[str], bool]:
        if ref in path:
            return ["cycle"], False
        has_more = bool(self._branches.get(ref)) or self._nodes[ref]["hidden"] > 0
        if ref in self._opened or self._nodes[ref]["depth"] < len(path):
            return (["again"] if has_more else []), False
        return [], True

    def _entity(self, ref: str, marks: list[str]) -> str:
        node = self._nodes[ref]
        shown = [safe_text(ref)]
        if node["title"]:
            shown.append(self._dim(safe_text(node["title"])))
        if node["missing"]:
            shown.append(self._paint("(missing)", RED))
        shown += [self._paint(f"({mark})", YELLOW) for mark in marks]
        if node["hidden"] and not marks:
            shown.append(self._paint(f"+{node['hidden']} hidden", YELLOW))
        return "  ".join(shown)

    def _dim(self, text: str) -> str:
        return self._paint(text, DIM)

    def _paint(self, text: str, style: str) -> str:
        return styled(text, style) if self._colour else text


def _branches(graph: GraphAnswer) -> dict[str, list[_Branch]]:
    """The steps from each entity, in the direction of the graph, by relation and ref."""
    found: dict[str, list[_Branch]] = {}
    direction = graph["direction"]
    for edge in graph["edges"]:
        along = direction in ("out", "both") or (direction == "impact" and edge["type"] == _PROVIDED)
        against = direction in ("in", "both") or (direction == "impact" and edge["type"] != _PROVIDED)
        if along:
            found.setdefault(edge["source"], []).append(_Branch(edge["type"], edge["target"], edge))
        if against:
            found.setdefault(edge["target"], []).append(_Branch(edge["reverse"], edge["source"], edge))
    for branches in found.values():
        branches.sort(key=lambda branch: (branch.label, branch.ref))
    return found
