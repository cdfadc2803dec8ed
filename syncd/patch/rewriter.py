"""From the old and the new data of a document to the places of its text that have to change."""

from collections import Counter
from collections.abc import Iterator

from syncd.ingest.scalars import resolve, resolve_1_1
from syncd.ingest.source import line_breaks
from syncd.model.json import Json
from syncd.patch.block_members import BlockMembers
from syncd.patch.block_text import reworded
from syncd.patch.edit import origins, same
from syncd.patch.flow_members import FlowMembers
from syncd.patch.members import Member
from syncd.patch.pen import Pen
from syncd.patch.placing import emptied, exchanged, is_beside, is_commented, placed
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.splices import Lines, Splice
from syncd.patch.tree import Entry, Node, Tree


def pen_of(text: str, tree: Tree) -> Pen:
    """The pen of a document: what it does most often, else two blanks, lists indented, single quotes."""
    lines = Lines(text)
    quotes: Counter[str] = Counter()
    steps: Counter[int] = Counter()
    list_steps: Counter[int] = Counter()
    for node in _nodes(tree.root):
        if node.style in ("'", '"'):
            quotes[node.style] += 1
        for entry in node.entries if node.kind == "mapping" and not node.flow else []:
            inner = entry.value
            if inner.entries and not inner.flow and not lines.same_line(entry.start, inner.body):
                step = lines.column(inner.body) - lines.column(entry.start)
                (steps if inner.kind == "mapping" else list_steps)[step] += 1
    step = _usual(steps, 2)
    quote = quotes.most_common(1)[0][0] if quotes else "'"
    return Pen(quote, step, _usual(list_steps, step), resolve_1_1 if tree.old else resolve)


def _usual(counts: Counter[int], otherwise: int) -> int:
    return counts.most_common(1)[0][0] if counts else otherwise


def _nodes(root: Node) -> Iterator[Node]:
    """A node and all below it, keys too, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        for entry in reversed(node.entries):
            waiting += [entry.value] if entry.key is None else [entry.value, entry.key]


def _has_json_keys(node: Node) -> bool:
    return node.flow and all(entry.key is not None and entry.key.style == '"' for entry in node.entries)


class Rewriter:
    """Walks the tree of a document along what differs between its old and new data, and collects splices."""

    def __init__(self, text: str, tree: Tree, pen: Pen) -> None:
        self._lines = Lines(text)
        self._tree = tree
        self._pen = pen
        self._splices: list[Splice] = []

    def rewrite(self, old: Json, new: Json) -> list[Splice]:
        """The splices that make `new` of the document whose data is `old`. Raises `PatchRefusedError`."""
        root = self._tree.root
        self._change(Entry(root.start, None, root.start, root), old, new, flow=False, like_json=False)
        return self._splices

    def line(self, position: int) -> int:
        """The line of a character, from 1."""
        return line_breaks(self._lines.text, 0, position) + 1

    def _change(self, entry: Entry, old: Json, new: Json, *, flow: bool, like_json: bool) -> None:
        """`flow`: the value stands in brackets; `like_json`: somewhere in those of a mapping with keys as in JSON."""
        if same(old, new):
            return
        node = entry.value
        self._refuse_shared(node)
        if isinstance(new, dict) and new and node.entries and isinstance(old, dict):
            self._change_mapping(node, old, new, like_json=like_json or _has_json_keys(node))
        elif isinstance(new, list) and new and node.entries and isinstance(old, list):
            self._change_sequence(node, old, new, like_json=like_json)
        else:
            self._refuse_shared(node, below=True)
            if new in ({}, []) and isinstance(new, list) == isinstance(old, list) and node.entries and not node.flow:
                self._splices += emptied(self._lines, entry, self._pen.flow(new))
            else:
                self._refuse_odd(node, old, new)
                self._replace(entry, old, new, flow=flow or node is self._tree.root, like_json=like_json)

    def _refuse_odd(self, node: Node, old: Json, new: Json) -> None:
        """Refuse what has no place of its own to be written to."""
        if node is self._tree.root and (
            not isinstance(new, dict | list) or isinstance(new, list) != isinstance(old, list)
        ):
            raise PatchRefusedError("root", "a document as a whole stays a mapping, or a list", self.line(node.start))
        if node.kind == "alias" and isinstance(old, dict | list):
            message = "the value is an alias, so what is to be edited stands elsewhere"
            raise PatchRefusedError("alias", message, self.line(node.start), hint="edit the place that it points to")
        if node.tagged and not (isinstance(new, str) and node.kind == "scalar"):
            message = "the value has a tag, which says how it is to be read"
            raise PatchRefusedError("tag", message, self.line(node.start), hint="edit the file by hand")

    def _refuse_shared(self, node: Node, *, below: bool = False) -> None:
        """Refuse to change what stands in other places too; `below` asks for all that the node holds."""
        for each in _nodes(node) if below else [node]:
            places = [place for name, place in self._tree.aliases if name == each.anchor]
            outside = [place for place in places if not node.start <= place < node.end]
            if outside:
                raise PatchRefusedError(
                    "anchor",
                    f"&{each.anchor} is used in line {self.line(outside[0])} too, which would change with it",
                    self.line(each.start),
                    hint="edit the file by hand",
                )

    def _change_mapping(self, node: Node, old: dict[str, Json], new: dict[str, Json], *, like_json: bool) -> None:
        gone: list[int] = []
        for index, (key, entry) in enumerate(zip(old, node.entries, strict=True)):
            if key in new:
                self._change(entry, old[key], new[key], flow=node.flow, like_json=like_json)
            else:
                gone.append(index)
        added: list[Member] = [(key, value) for key, value in new.items() if key not in old]
        last = max((index for index, key in enumerate(old) if key in new), default=-1)
        self._change_members(node, gone, {last: added} if added else {}, like_json=like_json)

    def _change_sequence(self, node: Node, old: list[Json], new: list[Json], *, like_json: bool) -> None:
        added: dict[int, list[Member]] = {}
        stay = -1
        kept: set[int] = set()
        for item, origin in zip(new, origins(old, new), strict=True):
            if origin is None:
                added.setdefault(stay, []).append((None, item))
            else:
                stay = origin
                kept.add(origin)
                self._change(node.entries[origin], old[origin], item, flow=node.flow, like_json=like_json)
        gone = [index for index in range(len(old)) if index not in kept]
        self._change_members(node, gone, added, like_json=like_json)

    def _change_members(self, node: Node, gone: list[int], new: dict[int, list[Member]], *, like_json: bool) -> None:
        if not gone and not new:
            return
        for index in gone:
            self._refuse_shared(node.entries[index].value, below=True)
        members = FlowMembers if node.flow else BlockMembers
        style = '"' if like_json else ""
        self._splices += members(self._lines, self._pen, node, gone, new, style).splices()

    def _replace(self, entry: Entry, old: Json, new: Json, *, flow: bool, like_json: bool) -> None:
        node = entry.value
        pen = self._pen.with_eol(self._lines.ending(entry.after))
        if node.block_scalar and isinstance(old, str) and isinstance(new, str) and pen.caution < 2:
            splices = reworded(self._lines, node, old, new)
            if splices is not None:
                self._splices += splices
                return
        style = '"' if like_json else "" if node.block_scalar else node.style
        if flow or (node.flow and node.entries) or not pen.takes_lines(new, style):
            written = pen.flow(new, style) if isinstance(new, dict | list) else pen.scalar(new, style, flow=flow)
            self._splices += placed(self._lines, entry, written)
        else:
            self._splices += self._lower(entry, new, style, pen)

    def _lower(self, entry: Entry, new: Json, style: str, pen: Pen) -> list[Splice]:
        """A value that needs lines of its own."""
        lines, node = self._lines, entry.value
        margin = lines.column(entry.start)
        beside = not node.empty and is_beside(lines, entry)
        if not beside and not node.empty and is_commented(lines, entry):
            column = max(lines.column(node.body), margin + 1)
            pad = " " * (column - lines.column(node.body))
            return exchanged(lines, node, pad + pen.inside(new, column, style))
        if entry.key is not None:
            return placed(lines, entry, pen.below_key(new, margin, style))
        return placed(lines, entry, pen.inside(new, lines.column(node.body) if beside else margin + 2, style))
