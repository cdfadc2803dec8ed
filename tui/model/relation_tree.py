"""The relations around an entity as a tree of lines. A graph has rings: each entity has its branches in one place, the
one nearest to the root, and is named elsewhere. What is not shown is counted, wherever it is left off."""

from collections import deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import NamedTuple

from tui.answers import GraphAnswer, GraphNode
from tui.model.lines import Piece, TextLine, Tone
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text

SHOWN_IN_GROUP = 10
"""Entities of one relation that are listed at once; the rest is a line that opens."""

Group = tuple[str, str]
"""What a line that opens stands for: the entity, and its relation as it is written before the others."""


class TreeLine(NamedTuple):
    """A line of the tree. `ref` is where it leads, `more` the group that it opens."""

    pieces: TextLine
    ref: str = ""
    missing: bool = False
    more: Group | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relation seen from one of its ends: `out` away from it, by the name that it has there."""

    name: str
    out: bool
    ref: str


@dataclass(frozen=True, slots=True)
class TreeView:
    """How a graph is looked at: `direction` is out, in or both; with `kind`, only what leads to entities of it."""

    direction: str = "both"
    depth: int = 2
    kind: str = ""
    rolled: bool = False

    @property
    def asked_direction(self) -> str:
        """What the daemon is asked: systems are known by relations that lead away, so rolling up needs both."""
        return "both" if self.rolled else self.direction

    @property
    def asked_depth(self) -> int:
        """What the daemon is asked; the system of the outermost entities is one step further."""
        return self.depth + self.rolled

    def words(self, symbols: Symbols) -> str:
        """The view in words, for a heading."""
        kinds = f"kind {safe_text(self.kind)}" if self.kind else "all kinds"
        told = [self.direction, f"depth {self.depth}", kinds, *(["systems"] if self.rolled else [])]
        return f" {symbols.dot} ".join(told)


class RelationTree:
    """A graph laid out from its root."""

    def __init__(self, answer: GraphAnswer, view: TreeView) -> None:
        self._answer = answer
        self._view = view
        self._nodes: dict[str, GraphNode] = {node["ref"]: node for node in answer["nodes"]}
        self._systems = _systems_of(answer) if view.rolled else {}
        self.root = answer["root"]
        self._arrows = self._arrows_of()
        self._depths: dict[str, int] = {}
        self._owner = self._owners()
        self._kept = self._matching()

    @property
    def kinds(self) -> dict[str, int]:
        """How many entities of each kind there are around the root."""
        counted: dict[str, int] = {}
        for ref in self._owner:
            kind = ref.partition(":")[0]
            counted[kind] = counted.get(kind, 0) + 1
        return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    @property
    def hidden(self) -> int:
        """Entities that were found and are not shown because of their kind."""
        return len(self._owner) - len(self._kept)

    def lines(self, symbols: Symbols, opened: Set[Group] = frozenset()) -> list[TreeLine]:
        """The whole tree; groups in `opened` are shown whole."""
        made = [TreeLine((Piece(short_ref(self.root), Tone.ACCENT), *self._notes(self.root, symbols)), self.root)]
        made += self._branches(self.root, "", symbols, opened)
        if len(made) == 1 and not self._answer["left_off"]["edges"]:
            made.append(TreeLine((Piece("no relations in this direction", Tone.QUIET),)))
        made += [TreeLine(line) for line in self._left_off(symbols)]
        return made

    def _left_off(self, symbols: Symbols) -> Iterator[TextLine]:
        left = self._answer["left_off"]
        edges = left["edges"] + self._among_outermost()
        if left["nodes"] or edges:
            entities = _counted(left["nodes"], "entity", "entities")
            relations = _counted(edges, "relation", "relations")
            further = "; + goes a step further"
            yield ()
            told = f"+{relations} and {entities} hidden beyond depth {self._answer['depth']}{further}"
            yield (Piece(f"{symbols[Mark.WARNING]} ", Tone.WARNING), Piece(told, Tone.QUIET))
        if self.hidden:
            yield ()
            told = f"+{_counted(self.hidden, 'entity', 'entities')} hidden by kind; f shows others"
            yield (Piece(f"{symbols[Mark.WARNING]} ", Tone.WARNING), Piece(told, Tone.QUIET))

    def _branches(self, ref: str, indent: str, symbols: Symbols, opened: Set[Group]) -> Iterator[TreeLine]:
        tee, corner, bar = ("├─", "└─", "│  ") if symbols.box[0] == "┌" else ("|-", "`-", "|  ")
        groups = self._groups(ref)
        for number, (name, out, refs) in enumerate(groups):
            last = number == len(groups) - 1 and not self._hidden_at(ref)
            arrow = symbols.arrow_out if out else symbols.arrow_in
            count = f" ({len(refs)})" if len(refs) > 1 else ""
            head = Piece(f"{indent}{corner if last else tee}{arrow} ", Tone.QUIET)
            yield TreeLine((head, Piece(safe_text(name)), Piece(count, Tone.QUIET)))
            below = indent + ("   " if last else bar)
            group = (ref, f"{name}{out}")
            shown = refs if group in opened or len(refs) <= SHOWN_IN_GROUP + 1 else refs[:SHOWN_IN_GROUP]
            for place, child in enumerate(shown):
                ends = place == len(refs) - 1
                here = self._owner.get(child) == ref
                pieces = (Piece(f"{below}{corner if ends else tee} ", Tone.QUIET), *self._name(child, symbols, here))
                yield TreeLine(pieces, child, self._is_missing(child))
                if here:
                    yield from self._branches(child, below + ("   " if ends else bar), symbols, opened)
            if len(shown) < len(refs):
                more = f"{symbols.ellipsis} +{len(refs) - len(shown)} more (enter to show)"
                yield TreeLine((Piece(f"{below}{corner} ", Tone.QUIET), Piece(more, Tone.ACCENT)), more=group)
        if hidden := self._hidden_at(ref):
            told = f"+{_counted(hidden, 'relation', 'relations')} hidden"
            yield TreeLine((Piece(f"{indent}{corner} ", Tone.QUIET), Piece(told, Tone.QUIET)), ref)

    def _among_outermost(self) -> int:
        """Relations between entities of the last step: neither end has branches."""
        last = self._view.depth
        ends = [(self._depths.get(edge["source"]), self._depths.get(edge["target"])) for edge in self._answer["edges"]]
        return 0 if self._view.rolled else sum(one == other == last for one, other in ends)

    def _hidden_at(self, ref: str) -> int:
        """Relations of an entity that lead to what was not looked at; the root's are told at the end."""
        node = self._nodes.get(ref)
        return node["hidden"] if node is not None and ref != self.root and not self._view.rolled else 0

    def _name(self, ref: str, symbols: Symbols, here: bool) -> TextLine:
        pieces = [Piece(short_ref(ref)), *self._notes(ref, symbols)]
        if not here and self._depths.get(ref, 0) < self._view.depth:
            pieces.append(Piece("   shown elsewhere", Tone.QUIET))
        return tuple(pieces)

    def _notes(self, ref: str, symbols: Symbols) -> TextLine:
        if self._is_missing(ref):
            return (Piece(f"   {symbols[Mark.ERROR]} not in the catalog", Tone.ERROR),)
        node = self._nodes.get(ref)
        return () if node is None else (*_problems(node, symbols), *_what(node, symbols))

    def _is_missing(self, ref: str) -> bool:
        node = self._nodes.get(ref)
        return node is not None and node["missing"]

    def _groups(self, ref: str) -> list[tuple[str, bool, list[str]]]:
        """Relations of an entity with what they lead to, those that lead away first.

        Where both directions are shown, what leads back is there already, under the entity it leads back to.
        """
        if self._depths[ref] >= self._view.depth:
            return []
        came_from = self._owner.get(ref) if self._view.direction == "both" else None
        groups: dict[tuple[bool, str], list[str]] = {}
        for arrow in self._arrows.get(ref, ()):
            if arrow.ref != came_from and (arrow.ref in self._kept or arrow.ref == self.root):
                groups.setdefault((not arrow.out, arrow.name), []).append(arrow.ref)
        return [(name, not inward, sorted(refs)) for (inward, name), refs in sorted(groups.items())]

    def _arrows_of(self) -> dict[str, list[Arrow]]:
        found: dict[str, dict[Arrow, None]] = {}
        for edge in self._answer["edges"]:
            source, target = self._rolled(edge["source"]), self._rolled(edge["target"])
            if source == target:
                continue
            if self._view.direction in ("out", "both"):
                found.setdefault(source, {})[Arrow(edge["type"], True, target)] = None
            if self._view.direction in ("in", "both"):
                found.setdefault(target, {})[Arrow(edge["reverse"], False, source)] = None
        return {ref: list(arrows) for ref, arrows in found.items()}

    def _rolled(self, ref: str) -> str:
        """The system of an entity, where only systems are shown; the root stays itself."""
        return ref if ref == self.root else self._systems.get(ref, ref)

    def _owners(self) -> dict[str, str]:
        """For each entity the one under which it has its branches: the nearest to the root, found in waves."""
        owners: dict[str, str] = {}
        depth = self._depths
        depth[self.root] = 0
        waiting = deque([self.root])
        while waiting:
            ref = waiting.popleft()
            if depth[ref] >= self._view.depth:
                continue
            for arrow in self._arrows.get(ref, ()):
                if arrow.ref not in depth:
                    depth[arrow.ref] = depth[ref] + 1
                    owners[arrow.ref] = ref
                    waiting.append(arrow.ref)
        return owners

    def _matching(self) -> set[str]:
        """Entities of the kind that is wanted, and those on the way to them."""
        if not self._view.kind:
            return set(self._owner)
        kept: set[str] = set()
        for ref in self._owner:
            if ref.partition(":")[0] == self._view.kind:
                while ref != self.root and ref not in kept:
                    kept.add(ref)
                    ref = self._owner[ref]
        return kept


def short_ref(ref: str) -> str:
    """A ref without the namespace that everybody expects, made harmless: `component:default/x` is `component:x`."""
    kind, colon, rest = ref.partition(":")
    return safe_text(f"{kind}{colon}{rest.removeprefix('default/')}")


def _problems(node: GraphNode, symbols: Symbols) -> TextLine:
    count = node.get("problems", 0)
    told = f"   {symbols[Mark.ERROR]} {_counted(count, 'problem', 'problems')}"
    return (Piece(told, Tone.ERROR),) if count else ()


def _what(node: GraphNode, symbols: Symbols) -> TextLine:
    """Its title where that is more than its name, its type and its owner."""
    name = node["ref"].rpartition("/")[2]
    owner = short_ref(node.get("owner") or "").removeprefix("group:")
    title, type_ = safe_text(node["title"] or ""), safe_text(node.get("type") or "")
    told = [title] if title != name else []
    told.append(f" {symbols.dot} ".join(filter(None, (type_, owner))))
    return tuple(Piece(f"   {text}", Tone.QUIET) for text in told if text)


def _systems_of(answer: GraphAnswer) -> dict[str, str]:
    return {
        edge["source"]: edge["target"]
        for edge in answer["edges"]
        if edge["type"] == "partOf"
        and edge["target"].startswith("system:")
        and not edge["source"].startswith("system:")
    }


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def dangling(lines: Iterable[TreeLine]) -> int:
    """How many lines lead to what the catalog does not have."""
    return sum(line.missing for line in lines)
