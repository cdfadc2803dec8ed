"""One entity: overview and YAML, both for reading."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.actions import Context
from tui.model.addresses import addresses_of, can_open
from tui.model.courier import Answer
from tui.model.lines import TextLine, yaml_lines
from tui.model.link import News
from tui.model.source import Change
from tui.model.symbols import Mark
from tui.model.yaml_text import as_yaml
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import DetailsArrived, LayoutArrived, YamlMade
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.overview_text import OverviewText
from tui.widgets.tab_line import TabLine
from tui.widgets.text_lines import TextLines

TABS = ("overview", "yaml")


class EntityScreen(CatalogScreen):
    """Shows an entity until `esc`; follows its changes."""

    CSS_PATH = "entity.tcss"
    CONTEXT = Context.ENTITY
    BINDINGS: ClassVar = bindings(Context.ENTITY)

    def __init__(self, desk: Desk, ref: str) -> None:
        super().__init__(desk)
        self.ref = ref
        self.tab = TABS[0]
        self._gone = False

    @property
    def place(self) -> str:
        """The ref."""
        return f"Entities  {self.desk.symbols.arrow_out}  {self.ref}"

    @property
    def row(self) -> str:
        """The entity itself."""
        return self.ref

    def body(self) -> ComposeResult:
        """Both tabs; the YAML is made when somebody looks."""
        yield TabLine(("1 Overview", "2 YAML"))
        yield OverviewText(self.desk.symbols, name="overview")
        yield TextLines(self.desk.symbols, name="yaml")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Ask for the entity."""
        self.overview.HAS_CURSOR = False
        self.action_tab(self.tab)
        self.action_reload()

    @property
    def overview(self) -> OverviewText:
        """The first tab."""
        return self.query_one(OverviewText)

    @property
    def scroller(self) -> LineScroller:
        """The tab in front."""
        return self.query_one(f"#{self.tab}", LineScroller)

    def action_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self.tab = name
        for tab in TABS:
            self.query_one(f"#{tab}").display = tab == name
        self.query_one(TabLine).choose(TABS.index(name))
        self.scroller.focus()
        if name == "yaml":
            self._make_yaml()

    def action_next_tab(self) -> None:
        """The tab after this one."""
        self.action_tab(TABS[(TABS.index(self.tab) + 1) % len(TABS)])

    def action_reload(self) -> None:
        """Ask for the entity again, and for its cards."""
        self._ask_for_cards()
        self.desk.courier.send(
            "entity",
            lambda: self.desk.source.entity(self.ref),
            lambda answer: self.post_message(DetailsArrived(self.ref, answer)),
        )

    def _ask_for_cards(self) -> None:
        self.desk.courier.send(
            "layout",
            lambda: self.desk.source.layout(self.ref),
            lambda answer: self.post_message(LayoutArrived(answer)),
        )

    @on(DetailsArrived)
    def _details(self, event: DetailsArrived) -> None:
        if event.answer.value is None:
            if not self._gone:
                self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))
            return
        if not self._gone:  # an answer from before it went must not hide that it went
            self.query_one(Notice).clear()
        self.overview.show_details(event.answer.value)
        if self.tab == "yaml":
            self._make_yaml()

    @on(LayoutArrived)
    def _layout(self, event: LayoutArrived) -> None:
        """Cards are an addition: without an answer, from an older daemon say, the rest stands alone."""
        if event.answer.value is not None:
            self.overview.show_layout(event.answer.value)

    def _make_yaml(self) -> None:
        details = self.overview.details
        if details is None:
            return

        def lines() -> list[TextLine]:
            return yaml_lines(as_yaml(details.entity))

        def deliver(answer: Answer[list[TextLine]]) -> None:
            self.post_message(YamlMade(details, answer))

        self.desk.courier.send("yaml", lines, deliver)

    @on(YamlMade)
    def _yaml(self, event: YamlMade) -> None:
        if event.details is not self.overview.details:
            return
        if event.answer.value is None:
            self.query_one(Notice).say(Mark.ERROR, str(event.answer.error))
            return
        self.query_one("#yaml", TextLines).show(event.answer.value, keep_place=True)

    def hear(self, news: News) -> None:
        """The entity or a layout changed: show it as it is now; it went: say so and keep what was."""
        if not isinstance(news, Change):
            return
        self._gone = self.ref in news.removed or (self._gone and self.ref not in news.refs)
        if self.ref in news.removed:
            gone = f"{safe_text(self.ref)} is no longer in the catalog; this is its last state"
            self.query_one(Notice).say(Mark.WARNING, gone)
        elif self.ref in news.refs:
            self.action_reload()
        elif any(ref.startswith("layout:") for ref in news.refs):
            self._ask_for_cards()

    def action_copy(self) -> None:
        """The ref to the clipboard."""
        self.copy(self.ref)

    def action_open_link(self) -> None:
        """One of the links on its page; which one is asked where there are several."""
        addresses = addresses_of(self.overview.details, self.overview.cards)
        if not addresses:
            self.query_one(Notice).say(Mark.UNKNOWN, "it has no links")
        elif len(addresses) == 1:
            self._open_link(addresses[0].url)
        else:
            from tui.screens.link_picker import LinkPicker

            self.app.push_screen(LinkPicker(addresses), self._open_link)

    def _open_link(self, url: str | None) -> None:
        if url and can_open():
            self.app.open_url(url)
        elif url:
            self.copy(url)

    def action_back(self) -> None:
        """Where the person came from."""
        self.app.pop_screen()
