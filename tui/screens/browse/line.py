"""Writing the query line: every key asks, and what may stand there is offered."""

from textual import on
from textual.timer import Timer
from textual.widgets import Input
from textual.widgets.input import Selection

from tui.model.query_line import conditions, conditions_end, with_conditions
from tui.model.trail import Place
from tui.screens.browse.table import BrowseTable
from tui.screens.desk import Desk
from tui.screens.messages import SuggestionsArrived
from tui.widgets.filter_bar import PROMPT, QueryInput
from tui.widgets.suggestion_list import SuggestionList

SUGGESTION_DELAY = 0.08
"""Seconds after a key before words are asked for: the rows come first."""
SUGGESTED = 40
"""Words asked for."""


class QueryLine(BrowseTable):
    """The line at the top. Its directives stand behind the conditions, and typing leaves them there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._before_typing: Place | None = None
        self._suggestion_timer: Timer | None = None
        self._awaited: tuple[str, int] | None = None
        """The line and the place in it for which words were asked, and not declined."""
        self._suggested: SuggestionsArrived | None = None
        self._takes_first: tuple[str, int] | None = None
        """The line, and the place in it, that gets the first word as soon as there is one."""

    async def furnish(self) -> None:
        """The list of suggestions is built when the first rows stand."""
        await super().furnish()
        await self.mount(SuggestionList(self.desk.symbols))

    @property
    def suggestions(self) -> SuggestionList:
        """The list under the word that is written."""
        return self.query_one(SuggestionList)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if self._takes_first and self._takes_first[0] != event.value:
            self._takes_first = None
        view = self.view.with_query(event.value)
        if view != self.view:
            self.look(view)
        if event.value[-1:].isspace():
            self._close()
        self._suggest_soon()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the query line a slash is a slash."""
        if action == "filter" and isinstance(self.focused, QueryInput):
            return False
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """To the query line, its conditions selected."""
        line = self.filter_bar.input
        end = conditions_end(line.value)
        if not conditions(line.value) and end < len(line.value):
            with self.prevent(Input.Changed):
                line.value = f" {line.value.lstrip()}"
            end = 0
        self._before_typing = self.here
        self.set_focus(line)
        line.selection = Selection(0, end)

    def action_clear(self) -> None:
        """Everything again: the conditions go first, then order, columns and groups."""
        if self.give_up():
            return
        without = with_conditions(self.view.query, "")
        self.go(self.view.with_query("" if without == self.view.query else without))

    def action_to_table(self) -> None:
        """Done with the line."""
        self.leave_line()
        self.set_focus(self.table)

    def enter_line(self) -> None:
        """The typing comes here: what is left, when it goes on, is the view of now."""
        self._before_typing = self._before_typing or self.here

    def leave_line(self) -> None:
        """The typing goes elsewhere, by key or by mouse: one can come back to the line as it was before."""
        if self.query(SuggestionList):
            self._close()
        if self._before_typing and self._before_typing.query != self.view.query:
            self.trail.leave(self._before_typing)
        self._before_typing = None

    # -- suggestions

    def _suggest_soon(self) -> None:
        if self._suggestion_timer:
            self._suggestion_timer.stop()
        self._suggestion_timer = self.set_timer(SUGGESTION_DELAY, self._suggest)

    def _suggest(self) -> None:
        line = self.filter_bar.input
        if not line.has_focus:
            return
        text, at = line.value, line.cursor_position
        if self._awaited == (text, at):
            return
        self._awaited = text, at
        self.desk.courier.send(
            "complete",
            lambda: self.desk.source.complete(text, at, SUGGESTED),
            lambda answer: self.post_message(SuggestionsArrived(text, at, answer)),
        )

    @on(SuggestionsArrived)
    def _offered(self, event: SuggestionsArrived) -> None:
        """Words for the line as it is now, for no older one, and for none whose words were declined."""
        line, found = self.filter_bar.input, event.answer.value
        asked = event.line, event.at
        if not line.has_focus or asked != self._awaited or asked != (line.value, line.cursor_position):
            return
        if found is None:
            self._awaited = None  # nobody knows: the next key asks again
        typed = event.line[found.start : event.at].lower() if found else ""
        items = [one for one in found.items if one.text.lower() != typed] if found and event.line.strip() else []
        self._suggested = event
        x = self.filter_bar.region.x + 1 + len(PROMPT) + (found.start if found else 0) - int(line.scroll_offset.x)
        self.suggestions.open(items, x - 2, line.region.y + 1)
        self.filter_bar.keep_quiet(self.suggestions.is_open)
        if self._takes_first == asked:
            self._takes_first = None
            self.action_complete()

    def _close(self) -> None:
        """Out of sight, and nothing that is on its way opens the list again."""
        if self._suggestion_timer:
            self._suggestion_timer.stop()
        self._awaited = None
        self.suggestions.close()
        self.filter_bar.keep_quiet(quiet=False)

    def action_suggestion(self, step: int) -> None:
        """To another suggestion; to the table where there are none."""
        if self.suggestions.is_open:
            self.suggestions.step(step)
        elif step > 0:
            self.action_to_table()

    def action_complete(self) -> None:
        """Write the suggestion in the place of the word; where it is still on its way, as soon as it is there."""
        line, offered = self.filter_bar.input, self._suggested
        if not offered or (offered.line, offered.at) != (line.value, line.cursor_position):
            self._takes_first = line.value, line.cursor_position
            self._suggest()
            return
        chosen, found = self.suggestions.first, offered.answer.value
        self._close()
        if not found or not chosen:
            return
        is_whole = not chosen.text.endswith((":", "."))
        end = " " if is_whole and found.end == len(line.value) else ""
        text = f"{line.value[: found.start]}{chosen.text}{end}{line.value[found.end :]}"
        line.value = text
        line.cursor_position = found.start + len(chosen.text) + len(end)

    def action_done(self) -> None:
        """Take the suggestion that was moved to, else go to the table."""
        if self.suggestions.chosen:
            self.action_complete()
        else:
            self.action_to_table()

    def action_leave(self) -> None:
        """Out of the suggestions, then out of the line."""
        if self.suggestions.is_open:
            self._close()
        else:
            self.action_to_table()

    @on(SuggestionList.Picked)
    def _picked(self) -> None:
        self.action_complete()
