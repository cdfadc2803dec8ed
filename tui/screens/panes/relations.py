"""Relations: the graph around the entity as a tree one can walk."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from tui.actions import Context
from tui.answers import GraphAnswer
from tui.model.lines import Piece, Tone
from tui.model.overview import Line
from tui.model.relation_tree import Group, RelationTree, TreeLine, TreeView
from tui.model.source import Change
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.panes.pane import Pane
from tui.widgets.keys import bindings

DIRECTIONS = ("both", "out", "in")
DEEPEST = 6


class RelationsPane(Pane):
    """The tree; what is left off is counted in it."""

    NAME: ClassVar[str] = "relations"
    HEADER = 2
    BINDINGS: ClassVar = bindings(Context.RELATIONS)

    def __init__(self, desk: Desk, ref: str) -> None:
        super().__init__(desk, ref)
        self.view = TreeView()
        self.relations: RelationTree | None = None
        self._shown: list[TreeLine] = []
        self._opened: set[Group] = set()

    def look(self) -> None:
        """Ask for the graph of the view."""
        view = self.view
        self.ask(
            "graph",
            lambda: self.desk.source.graph(self.ref, view.asked_direction, view.asked_depth),
            self._take_graph,
        )

    def hear(self, change: Change) -> None:
        """One of those in the tree changed."""
        shown = {line.ref for line in self._shown}
        if shown.intersection(change.refs):
            self.look()

    def lay_out(self) -> None:
        """The tree as lines."""
        if self.relations is not None:
            self._shown = self.relations.lines(self.desk.symbols, self._opened)
            self.show_placed([(line.pieces, Line("", "", ref=line.ref)) for line in self._shown])

    def heading(self) -> Sequence[Piece]:
        """The view, and the keys that change it."""
        pieces = [Piece(f"{self.view.words(self.desk.symbols)}     ", Tone.TEXT)]
        for key, what in (("i", "in, out"), ("+ -", "depth"), ("f", "kind"), ("u", "roll up")):
            pieces += [Piece(f"{key} ", Tone.ACCENT), Piece(f"{what}   ", Tone.QUIET)]
        return pieces

    @property
    def field(self) -> str:
        """Lines of the tree are entities."""
        return ""

    def enter(self) -> None:
        """Go to the entity of the line, or open what is folded there."""
        if self.cursor >= len(self._shown):
            return
        line = self._shown[self.cursor]
        if line.more is not None:
            self._opened.add(line.more)
            self.lay_out()
        elif line.missing:
            self.post_message(self.Say(Mark.ERROR, f"{line.ref} is not in the catalog: what points at it dangles"))
        elif line.ref and line.ref != self.ref:
            self.post_message(self.GoTo(line.ref))

    def action_turn(self) -> None:
        """Both directions, away from it, towards it."""
        following = DIRECTIONS[(DIRECTIONS.index(self.view.direction) + 1) % len(DIRECTIONS)]
        self._see(replace(self.view, direction=following))

    def action_deepen(self, step: int) -> None:
        """A step further, or nearer."""
        self._see(replace(self.view, depth=min(DEEPEST, max(1, self.view.depth + step))))

    def action_roll_up(self) -> None:
        """Systems in the place of their parts, and back."""
        self._see(replace(self.view, rolled=not self.view.rolled))

    def action_kind(self) -> None:
        """Only what leads to entities of one kind."""
        from tui.screens.choice_picker import Choice, ChoicePicker

        if self.relations is None:
            return
        kinds = self.relations.kinds
        choices = [Choice("", "all kinds"), *(Choice(kind, kind, f"{count:,}") for kind, count in kinds.items())]

        def picked(kind: str | None) -> None:
            if kind is not None:
                self._see(replace(self.view, kind=kind))

        self.app.push_screen(ChoicePicker("Only", choices, self.view.kind), picked)

    def _see(self, view: TreeView) -> None:
        if view != self.view:
            self.view = view
            self.look()

    def _take_graph(self, answer: GraphAnswer) -> None:
        self.relations = RelationTree(answer, self.view)
        self.lay_out()
        self.refresh()
