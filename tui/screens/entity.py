"""One entity in eight tabs; follows its changes."""

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.actions import Context
from tui.model.addresses import Address, addresses_of, fit
from tui.model.link import News, Up
from tui.model.origin import origin_text
from tui.model.overview import Line, fields_of
from tui.model.source import Change, EntityDetails
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.messages import DetailsArrived
from tui.screens.panes import TABS, pane_of
from tui.screens.panes.pane import Pane
from tui.screens.writing import Writing
from tui.widgets.bars import TitleBar
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.tab_line import TabLine, Title


class EntityScreen(Writing):
    """Shows an entity until `esc`. A tab is made when somebody looks at it; `tab` is the one to begin with."""

    CSS_PATH = "entity.tcss"
    CONTEXT = Context.ENTITY
    BINDINGS: ClassVar = bindings(Context.ENTITY)

    def __init__(self, desk: Desk, ref: str, tab: str = "overview", *, again: bool = False) -> None:
        """`again`: by going forward; going somewhere new forgets what was ahead."""
        super().__init__(desk)
        if not again:
            desk.ahead.clear()
        self.ref = ref
        self.tab = tab
        self.details: EntityDetails | None = None
        self._gone = False
        self._wanted = ""

    @property
    def place(self) -> str:
        """The ref."""
        return f"Entities  {self.desk.symbols.arrow_out}  {self.ref}"

    @property
    def aside(self) -> str:
        """Where the entity comes from, and how old it is."""
        return "" if self.details is None else origin_text(self.details, datetime.now(UTC), self.desk.symbols)

    @property
    def row(self) -> str:
        """The entity itself."""
        return self.ref

    def body(self) -> ComposeResult:
        """Names of the tabs, and the one in front."""
        yield TabLine(self._titles())
        yield Vertical(id="panes")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Ask for the entity."""
        self.action_tab(self.tab)
        self.action_reload()

    @property
    def pane(self) -> Pane:
        """The tab in front."""
        return self.query_one(f"#{self.tab}", Pane)

    @property
    def scroller(self) -> LineScroller:
        """The tab in front."""
        return self.pane

    def _titles(self) -> list[Title]:
        titles = [(f"{tab.key} {tab.title}", f"{tab.key} {tab.short}") for tab in TABS.values()]
        if self.details is not None and (count := len(self.details.problems)):
            number = list(TABS).index("errors")
            whole, short = titles[number]
            titles[number] = f"{whole} {count}", f"{short} {count}"
        return titles

    @property
    def edited_refs(self) -> tuple[str, ...]:
        """It alone."""
        return (self.ref,)

    def tell(self, mark: Mark, text: str) -> None:
        """Above the keys, until the cursor moves; beside everything while the screen comes up or goes."""
        if self.query(Notice):
            self._say(Pane.Say(mark, text))
        else:
            self.app.notify(safe_text(text, limit=300), markup=False, timeout=10)

    # -- tabs

    def action_tab(self, name: str) -> None:
        """Bring a tab to the front, made now if nobody has looked at it yet."""
        panes = self.query_one("#panes")
        if not panes.is_attached:
            return  # the screen goes, or is not there yet
        self.tab = name
        for pane in self.query(Pane):
            pane.display = pane.id == name
        if not self.query(f"#{name}"):
            pane = pane_of(name, self.desk, self.ref)
            panes.mount(pane)
            if self.details is not None:
                pane.show_entity(self.details)
        self.query_one(TabLine).choose(list(TABS).index(name))
        self.pane.focus()

    def action_turn_tab(self, step: int) -> None:
        """The tab after this one, or before it."""
        names = list(TABS)
        self.action_tab(names[(names.index(self.tab) + step) % len(names)])

    @on(TabLine.Chosen)
    def _clicked(self, event: TabLine.Chosen) -> None:
        self.action_tab(list(TABS)[event.number])

    # -- the entity

    def action_reload(self) -> None:
        """Ask for the entity again."""
        self.desk.courier.send(
            f"entity-{id(self)}",
            lambda: self.desk.source.entity(self.ref),
            lambda answer: self.post_message(DetailsArrived(self.ref, answer)),
        )

    @on(DetailsArrived)
    def _details(self, event: DetailsArrived) -> None:
        if event.answer.value is None:
            if not self._gone:
                self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))
            return
        if not self._gone and not self._said:  # an answer from before it went must not hide that it went
            self.query_one(Notice).clear()
        self.details = event.answer.value
        self.query_one(TabLine).rename(self._titles())
        self.query_one(TitleBar).refresh()
        for pane in self.query(Pane):
            pane.show_entity(self.details)

    _said = False
    """Whether the line above the keys says what the person has to read, be the entity read anew or not."""

    def hear(self, news: News) -> None:
        """The entity changed: show it as it is now; it went: say so and keep what was."""
        if isinstance(news, Up) and news.again:
            self.action_reload()
        if not isinstance(news, Change):
            return
        self._gone = self.ref in news.removed or (self._gone and self.ref not in news.refs)
        if self.ref in news.removed:
            gone = f"{safe_text(self.ref)} is no longer in the catalog; this is its last state"
            self.query_one(Notice).say(Mark.WARNING, gone)
        elif self.ref in news.refs:
            self.action_reload()
        else:
            for pane in self.query(Pane):
                pane.hear(news)

    # -- what panes want

    def action_enter(self) -> None:
        """Where the line under the cursor leads."""
        self.pane.enter()

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.pane.enter()

    @on(LineScroller.Moved)
    def _moved(self) -> None:
        if self._said:
            self._said = False
            self.query_one(Notice).clear()

    @on(Pane.Say)
    def _say(self, event: Pane.Say) -> None:
        self._said = bool(event.text)
        if event.text:
            self.query_one(Notice).say(event.mark, event.text)
        else:
            self.query_one(Notice).clear()

    @on(Pane.GoTo)
    def _go_to(self, event: Pane.GoTo) -> None:
        self.app.push_screen(EntityScreen(self.desk, event.ref, self.tab))

    @on(Pane.OpenUrl)
    def _open_url(self, event: Pane.OpenUrl) -> None:
        if url := fit(event.url):
            self._offer([Address("its place on the web", url)])
        else:
            self.copy(event.url)

    @on(Pane.ShowLine)
    def _show_line(self, event: Pane.ShowLine) -> None:
        from tui.screens.panes.yaml import YamlPane

        self.action_tab("yaml")
        self.query_one(YamlPane).show_view("file", event.line)

    @on(Pane.ShowHistory)
    def _show_history(self, event: Pane.ShowHistory) -> None:
        from tui.screens.field_history import FieldHistoryScreen

        self.app.push_screen(FieldHistoryScreen(self.desk, self.ref, event.field))

    @on(Pane.AskWhy)
    def _ask_why(self, event: Pane.AskWhy) -> None:
        from tui.screens.why import WhyScreen

        self.app.push_screen(WhyScreen(self.desk, self.ref, event.field))

    def action_why(self) -> None:
        """Where the value of the field under the cursor comes from."""
        if field := self.pane.field:
            self._ask_why(Pane.AskWhy(field))
        elif self.details is not None:
            self._ask_which(fields_of(self.details))

    def _ask_which(self, fields: Sequence[Line]) -> None:
        """Why does which field say what it says?"""
        from tui.screens.choice_picker import Choice
        from tui.screens.value_editor import Question, ValueEditor

        def suggest(text: str) -> Sequence[Choice]:
            return [Choice(one.label, one.label, one.text) for one in fields if text.lower() in one.label.lower()]

        def answered(text: str | None) -> None:
            if wanted := (text or "").strip():
                self._ask_why(Pane.AskWhy(next((one.field for one in fields if one.label == wanted), wanted)))

        question = Question("Why which field?", hint="a name from the list, or a path: spec.owner", suggest=suggest)
        self.app.push_screen(ValueEditor(self.desk, question), answered)

    # -- finding

    def action_find(self) -> None:
        """Ask for the words, then go to the first line that has them."""
        from tui.screens.value_editor import Question, ValueEditor

        def answered(text: str | None) -> None:
            if text is not None:
                self._wanted = text
                self.action_match(1, here=True)

        self.app.push_screen(ValueEditor(self.desk, Question("Find", self._wanted, "n next, N before")), answered)

    def action_match(self, step: int, *, here: bool = False) -> None:
        """The next line that has the words, or the one before."""
        from tui.model.finding_text import matches, next_match

        pane = self.pane
        found = matches(pane.content, self._wanted)
        line = next_match(found, pane.cursor - here, step)
        if line is None:
            self.tell(Mark.UNKNOWN, f"{self._wanted} is not in this tab" if self._wanted else "/ looks for words")
            return
        self._said = False  # the cursor moves, and what is said now stays
        pane.cursor = line
        self.query_one(Notice).say(Mark.OK, f"{found.index(line) + 1} of {len(found)}: {self._wanted}")

    # -- leaving

    def action_star(self) -> None:
        """Star it, or no more."""
        starred = self.desk.bookmarks.starred.toggle(self.ref)
        self.tell(Mark.STARRED, "starred: @starred finds it" if starred else "not starred any more")

    def action_copy(self) -> None:
        """Choose what is copied: `y` again is the ref."""
        from tui.screens.choice_picker import Choice, ChoicePicker

        url = self.details.url if self.details else ""
        choices = [
            Choice("ref", "ref", self.ref, key="y"),
            Choice("name", "name", self.ref.rpartition("/")[2], key="n"),
            Choice("yaml", "YAML", "the whole entity", key="t"),
            Choice("url", "URL", url, off="" if url else "its file has no page on the web", key="u"),
            Choice("command", "command", self.command, key="c"),
        ]
        self.app.push_screen(ChoicePicker("Copy", choices), self._copied)

    def _copied(self, chosen: str | None) -> None:
        texts = {"ref": self.ref, "name": self.ref.rpartition("/")[2], "command": self.command}
        if chosen == "url" and self.details is not None:
            self.copy(self.details.url)
        elif chosen == "yaml" and self.details is not None:
            from tui.model.yaml_text import as_yaml

            self.copy(as_yaml(self.details.entity), f"the YAML of {self.ref}")
        elif chosen in texts:
            self.copy(texts[chosen])

    @property
    def command(self) -> str:
        """The command that shows what the tab in front shows."""
        ref = shlex.quote(self.ref)
        commands = {"relations": f"catalog tree {ref}", "history": f"catalog history {ref}"}
        commands |= {"activity": f"catalog activity {ref}", "inspect": f"catalog get {ref} -o json"}
        return commands.get(self.tab, f"catalog get {ref}")

    def action_open_link(self) -> None:
        """One of the links on its page; which one is asked where there are several."""
        from tui.screens.panes.overview import OverviewPane

        cards = next((pane.cards for pane in self.query(OverviewPane)), None)
        addresses = addresses_of(self.details, cards)
        if not addresses:
            self._say(Pane.Say(Mark.UNKNOWN, "it has no links"))
        else:
            self._offer(addresses)

    def _offer(self, addresses: Sequence[Address]) -> None:
        from tui.screens.link_picker import offer

        offer(self.app, addresses)

    def action_back(self) -> None:
        """Where the person came from."""
        self.desk.ahead.append((self.ref, self.tab))
        self.leave()

    def action_forward(self) -> None:
        """The entity that was left by going back."""
        if self.desk.ahead:
            ref, tab = self.desk.ahead.pop()
            self.app.push_screen(EntityScreen(self.desk, ref, tab, again=True))
