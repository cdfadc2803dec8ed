"""Review: the difference, where it goes, under which message. Here alone something is written, by a key of its own."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Button

from tui.actions import Context
from tui.model.courier import Answer
from tui.model.diff_lines import SIDE_BY_SIDE
from tui.model.lines import Piece, Tone
from tui.model.plan import TARGETS, Plan, Target, command_of
from tui.model.review_lines import outcome_lines, proposal_lines, terms_lines
from tui.model.symbols import Mark
from tui.model.writing import Outcome, Proposal, carry_out, propose, propose_again
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines


class ReviewScreen(CatalogScreen):
    """Shows what plans would do. `done` is called when all of it is written; until then everything is kept."""

    CSS_PATH = "edit.tcss"
    CONTEXT = Context.REVIEW
    BINDINGS: ClassVar = bindings(Context.REVIEW)

    class Proposed(Message):
        """What would become of the plans, or why nobody knows."""

        def __init__(self, number: int, answer: Answer[list[Proposal]]) -> None:
            super().__init__()
            self.number = number
            self.answer = answer

    class Written(Message):
        """What became of them."""

        def __init__(self, answer: Answer[list[Outcome]]) -> None:
            super().__init__()
            self.answer = answer

    def __init__(
        self, desk: Desk, title: str, plans: Sequence[Plan], done: Callable[[Sequence[Outcome]], None]
    ) -> None:
        super().__init__(desk)
        self._what = title
        self.plans = list(plans)
        self._done = done
        self.message = next((plan.message for plan in plans if plan.message), "")
        self.target: Target = self._first_target()
        self.proposals: list[Proposal] = []
        self.outcomes: list[Outcome] = []
        self._side = False
        self._asked = 0
        self._busy = "asking what would change"

    @property
    def place(self) -> str:
        """What is reviewed."""
        return f"Review  {self.desk.symbols.arrow_out}  {self._what}"

    def body(self) -> ComposeResult:
        """Difference, terms, two buttons."""
        yield TextLines(self.desk.symbols, name="difference")
        terms = TextLines(self.desk.symbols, name="terms")
        terms.can_focus = False
        yield terms
        with Horizontal(id="buttons"):
            yield Button("Back", id="back")
            yield Button("Write", id="write", disabled=True)
        yield Notice(self.desk.symbols)

    @property
    def scroller(self) -> LineScroller:
        """The difference."""
        return self.query_one("#difference", TextLines)

    def on_mount(self) -> None:
        """Nothing is written by enter: the button that leads back has the focus, and no toast lies over it."""
        self.app.clear_notifications()
        self.query_one("#back", Button).focus()
        self.ask()

    def _first_target(self) -> Target:
        wanted = self.desk.bench.target
        possible = [target for target in TARGETS if not any(plan.off(target) for plan in self.plans)]
        if possible:
            return wanted if wanted in possible else possible[0]
        return next((one for plan in self.plans if (one := plan.first_target(wanted))), "overlay")

    # -- asking

    def ask(self, *, again: bool = False) -> None:
        """What would become of the plans with this target and this message; `again`: a conflict was decided."""
        self._asked += 1
        number, source, plans, target, message = self._asked, self.desk.source, self.plans, self.target, self.message
        self._busy = "asking what would change"
        self.lay_out()

        def question() -> list[Proposal]:
            judge = propose_again if again else propose
            return [judge(source, plan, plan.first_target(target) or target, message) for plan in plans]

        self.desk.courier.send(
            f"propose-{id(self)}", question, lambda answer: self.post_message(self.Proposed(number, answer))
        )

    @on(Proposed)
    def _proposed(self, event: Proposed) -> None:
        if event.number != self._asked:
            return
        self._busy = ""
        if event.answer.value is None:
            self._busy = f"nobody knows: {event.answer.error}"
            self.proposals = []
        else:
            self.proposals = event.answer.value
        self.lay_out()
        first = self.proposals[0] if len(self.proposals) == 1 else None
        if first is not None and first.conflicts:
            from tui.screens.conflict import ConflictScreen

            self.app.push_screen(ConflictScreen(self.desk, first, self._decided))

    def _decided(self, plan: Plan | None) -> None:
        """Another plan after a conflict; None where nothing was decided, or nothing is left to be written."""
        if plan is None:
            self.leave()
            return
        self.plans = [plan]
        self.ask(again=True)

    # -- showing

    @property
    def good(self) -> list[Proposal]:
        """What may be written."""
        return [one for one in self.proposals if one.is_good]

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """Difference, terms and buttons as things stand."""
        width = self.scroller.scrollable_content_region.width
        difference = self.query_one("#difference", TextLines)
        side = self._side and width >= SIDE_BY_SIDE
        lines = outcome_lines(self.outcomes, self.desk.symbols) if self.outcomes else []
        lines += proposal_lines(self.proposals, width, self.desk.symbols, side=side)
        difference.show(lines or [(Piece(self._busy, Tone.QUIET),)], keep_place=True)
        terms = terms_lines(
            self.plans, self.proposals, self.target, self.message, self._state(), width, self.desk.symbols
        )
        self.query_one("#terms", TextLines).show(terms)
        self.query_one("#terms").styles.height = len(terms)
        write = self.query_one("#write", Button)
        write.disabled = not self.good or bool(self._busy)
        count = len(self.good)
        write.label = "Write" if count == len(self.proposals) else f"Write {count} of {len(self.proposals)}"

    def _state(self) -> tuple[Mark, str]:
        if self._busy:
            return Mark.WAITING, self._busy
        bad = len(self.proposals) - len(self.good)
        if not bad:
            return Mark.OK, "the catalog would take it; W writes"
        if len(self.proposals) == 1:
            return Mark.ERROR, "the catalog would not take it: nothing is written"
        return Mark.WARNING, f"{bad} of {len(self.proposals)} cannot be written: see above"

    # -- acting

    def action_target(self) -> None:
        """The next place that all of it, or most of it, can be written to."""
        possible = [target for target in TARGETS if not all(plan.off(target) for plan in self.plans)]
        if (self._busy and self.proposals) or len(possible) < 2:
            reason = next((plan.off(one) for plan in self.plans for one in TARGETS if plan.off(one)), "")
            self.query_one(Notice).say(Mark.UNKNOWN, f"there is no other place to write to: {reason}")
            return
        following = (possible.index(self.target) + 1) % len(possible) if self.target in possible else 0
        self.target = possible[following]
        self.ask()

    def action_message(self) -> None:
        """Another message."""
        from tui.screens.value_editor import Question, ValueEditor

        def answered(text: str | None) -> None:
            if text is not None and text != self.message:
                self.message = text
                self.ask()

        question = Question("Message of the commit", self.message, "what the change is for, in one line")
        self.app.push_screen(ValueEditor(self.desk, question), answered)

    def action_view(self) -> None:
        """Side by side, or unified."""
        if self.scroller.scrollable_content_region.width < SIDE_BY_SIDE:
            self.query_one(Notice).say(Mark.UNKNOWN, f"side by side needs {SIDE_BY_SIDE} columns")
            return
        self._side = not self._side
        self.lay_out()

    def action_copy(self) -> None:
        """The command that does the same."""
        self.copy(self.command)

    @property
    def command(self) -> str:
        """The commands that do the same."""
        return " && ".join(
            command_of(plan, plan.first_target(self.target) or self.target, self.message) for plan in self.plans
        )

    def action_write(self) -> None:
        """Write what is shown."""
        good, source = self.good, self.desk.source
        if not good or self._busy:
            told = f"{self._busy}: a moment" if self._busy else "it cannot be written: see above"
            self.query_one(Notice).say(Mark.WAITING if self._busy else Mark.ERROR, told)
            return
        self.query_one(Notice).clear()
        self._busy = "writing"
        self.query_one("#back", Button).focus()
        self.lay_out()
        self.desk.courier.send(
            f"write-{id(self)}",
            lambda: [carry_out(source, one) for one in good],
            lambda answer: self.post_message(self.Written(answer)),
        )

    @on(Written)
    def _written(self, event: Written) -> None:
        outcomes = event.answer.value
        self._busy = ""
        if outcomes is None:
            self.query_one(Notice).say(
                Mark.ERROR, f"nobody knows what was written: {event.answer.error}; see the edits"
            )
            self.lay_out()
            return
        self.desk.bench.target = self.desk.notebook.target = self.target
        self.desk.bench.command = self.command
        done = {id(one.proposal.plan): one for one in outcomes if one.done or one.commit}
        left = [plan for plan in self.plans if id(plan) not in done]
        # What is in the file stands; what was to lie over it is left.
        left += [Plan(one.proposal.plan.refs, properties=one.proposal.plan.properties) for one in outcomes if one.half]
        self.outcomes += outcomes
        if not left:
            self.leave()
            self._done(self.outcomes)
            return
        failed = next((one for one in outcomes if not one.done), None)
        if failed is not None:
            self.query_one(Notice).say(Mark.ERROR, f"{failed.words}; nothing is written, the draft is kept")
        self.plans = left
        self.ask()

    @on(Button.Pressed, "#write")
    def _pressed_write(self) -> None:
        self.action_write()

    @on(Button.Pressed, "#back")
    def _pressed_back(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        """Nothing is written, nothing is lost."""
        if self._busy == "writing":
            self.query_one(Notice).say(Mark.WAITING, "it is being written: a moment")
            return
        self.leave()
