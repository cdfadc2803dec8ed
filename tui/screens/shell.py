"""The application: which screens there are, and what becomes of news from the daemon."""

import asyncio
import signal
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual._context import active_message_pump
from textual.actions import ActionParseResult
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.screen import Screen
from textual.widget import AwaitMount, Widget

from tui.actions import Action, Context, find, is_move, of
from tui.bookmarks.bookmarks import ANSWER_AT_MOST
from tui.model.access import reason_off
from tui.model.link import Up
from tui.model.source import Status
from tui.model.symbols import ASCII
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.browse import BrowseScreen
from tui.screens.connection import Connection
from tui.screens.desk import Desk
from tui.screens.messages import DaemonStarted, EntitiesWanted, NewsArrived, SqlWanted
from tui.screens.theme import CATALOG_DARK
from tui.widgets.keys import bindings

SLOW_TICK = 30.0
"""Seconds after which ages on the screen are drawn again while all is well; each second while the daemon is away."""

MOUNTING = 0.02
"""Seconds after which a screen that was still coming up is looked at again."""


class CatalogApp(App[int]):
    """Modes and keys; the screens do the rest."""

    TITLE = "catalog"
    CSS_PATH: ClassVar = ["shell.tcss", "browse.tcss"]  # the first screen's beside it: parsed once, not twice
    DEFAULT_MODE = "browse"
    BINDINGS: ClassVar = bindings(Context.APP)
    ALLOW_SELECT = False
    """Texts are copied by keys; a selection with the mouse can meet a widget that is gone, and then ends everything."""
    ENABLE_COMMAND_PALETTE = False  # ours has the registry's keys and reasons, and any entity

    def __init__(self, desk: Desk, theme: str = "", themes: Path | None = None) -> None:
        """`theme` is the one that the configuration names; what was chosen last wins. `themes` is the folder of the
        person's own."""
        super().__init__()
        self.desk = desk
        self.add_mode("browse", partial(BrowseScreen, desk))
        self.add_mode("errors", self._errors)
        self.add_mode("sync", self._sync)
        self.add_mode("activity", self._activity)
        self.add_mode("sql", self._sql)
        self.register_theme(CATALOG_DARK)
        self._faults: list[str] = []
        for path in sorted(themes.glob("*.toml")) if themes else ():
            self._take_theme(path)
        wanted = (desk.notebook.theme, theme, CATALOG_DARK.name)
        self.theme = next(name for name in wanted if name in self.available_themes)
        self.set_keymap({name: ",".join(keys) for name, keys in desk.keymap.changed.items()})
        self.connection = Connection(self, desk)
        self._ticked = 0.0
        self._welcomed = False
        self._leaving = False

    def _take_theme(self, path: Path) -> None:
        from tui.screens.theme_files import ThemeFileError, read_theme

        try:
            self.register_theme(read_theme(path, self.available_themes, CATALOG_DARK.name))
        except ThemeFileError as error:
            self._faults.append(f"{path.parent.name}/{path.name} {error}")

    def _errors(self) -> Screen[None]:
        from tui.screens.problems import ProblemsScreen

        return ProblemsScreen(self.desk)

    def _sync(self) -> Screen[None]:
        from tui.screens.locations import LocationsScreen

        return LocationsScreen(self.desk)

    def _activity(self) -> Screen[None]:
        from tui.screens.activity import ActivityScreen

        return ActivityScreen(self.desk)

    def _sql(self) -> Screen[None]:
        from tui.screens.sql import SqlScreen

        return SqlScreen(self.desk)

    def on_mount(self) -> None:
        """Follow the daemon; leave in order when told to."""
        self.set_class(self.desk.symbols is ASCII, "-ascii")
        self.connection.start()
        for fault in self._faults:
            self.notify(safe_text(fault, limit=300), severity="warning", markup=False, timeout=10)
        self.set_interval(1.0, self._tick)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told_to_leave, number)

    def _told_to_leave(self, number: int) -> None:
        self.exit(128 + number, return_code=128 + number)

    def on_unmount(self) -> None:
        """Nobody listens any more."""
        self.connection.close()
        self.desk.courier.close()

    def _handle_exception(self, error: Exception) -> None:
        """A screen that is gone has nothing more to say: keys and answers that were on their way to it find nothing.

        Everything else ends the application, as always.
        """
        pump = active_message_pump.get(None)
        screen = _screen_of(pump)
        is_over = self._is_left if screen is None else self._is_gone(screen)
        if isinstance(error, NoMatches | NoScreen | ScreenStackError) and is_over:
            self.log.warning(f"{screen!r} was gone: {error}")
            return
        super()._handle_exception(error)

    @property
    def _is_left(self) -> bool:
        """Whether the application is being left: its screens go one after the other, and its timers tick meanwhile."""
        return self._exit or not self.is_running

    def _is_gone(self, screen: Screen[Any]) -> bool:
        """Whether a screen was closed, or the whole application is being left: nothing is mounted any more then."""
        return self._is_left or not any(screen in stack for stack in self._screen_stacks.values())

    # -- news

    def on_news_arrived(self, event: NewsArrived) -> None:
        """Keep the health, tell every screen."""
        news = event.news
        self.connection.hear(news)
        for screen in self._catalog_screens():
            screen.hear(news)
            screen.tick()
        if isinstance(news, Up):
            self._welcome(news.status)

    def on_own_change(self) -> None:
        """What the person did is shown at once."""
        for screen in self._catalog_screens():
            screen.show_own()

    def on_source_rung(self) -> None:
        """The daemon has something to do: its state is asked for until that is done, since no event tells of it."""
        self.connection.ask_status()

    def _welcome(self, status: Status) -> None:
        """Once, where there is nothing to see and nothing on its way."""
        empty = not status.locations and not status.entities and status.idle
        if empty and not self._welcomed and isinstance(self.screen, BrowseScreen):
            from tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(self.desk))
        self._welcomed = True

    def _catalog_screens(self) -> list[CatalogScreen]:
        stacks = self._screen_stacks.values()
        return [screen for stack in stacks for screen in stack if isinstance(screen, CatalogScreen)]

    def _tick(self) -> None:
        now = time.monotonic()
        self.connection.tick(now)
        if self.desk.health.down_since is None and now - self._ticked < SLOW_TICK:
            return
        self._ticked = now
        if isinstance(self.screen, CatalogScreen):
            self.screen.tick()

    # -- actions

    def off(self, action: Action) -> str:
        """Why an action does not work now, empty where it does."""
        if action.id == "app.start-daemon":
            return self.connection.start_off()
        if isinstance(self.screen, CatalogScreen):
            return self.screen.off(action)
        return reason_off(action, read_only=self.desk.read_only, health=self.desk.health, served=self.desk.served)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Keys, palette, help and clicks all come through here: what is off says why instead."""
        screen = _screen_of(default_namespace)
        if screen is not None and self._is_gone(screen):
            return True  # the key was pressed on a screen that is gone by now
        if screen is not None and not screen.is_mounted:  # the key was meant for it, and it just comes up
            screen.call_later(self.run_action, action, default_namespace, namespaces)
            return True
        context = Context.APP if default_namespace is None else getattr(default_namespace, "CONTEXT", Context.APP)
        known = find(context, action) if isinstance(action, str) else None
        if known and (reason := self.off(known)):
            self.notify(f"{known.title} is off: {reason}", severity="warning", markup=False, timeout=4)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_start_daemon(self) -> None:
        """Where none answers."""
        self.connection.start_daemon()

    def on_daemon_started(self, event: DaemonStarted) -> None:
        """It is asked at once, or it is said why it does not run."""
        self.connection.daemon_started(event.answer)

    def action_toggle_read_only(self) -> None:
        """Writing off, or on again."""
        self.desk.read_only = not self.desk.read_only
        for screen in self._catalog_screens():
            screen.tick()
        words = "read-only: nothing can be written" if self.desk.read_only else "writing is on"
        self.notify(words, markup=False, timeout=3)

    def action_register(self) -> None:
        """A new location."""
        from tui.screens.register import RegisterScreen

        if not isinstance(self.screen, RegisterScreen):
            self.push_screen(RegisterScreen(self.desk))

    def action_row_source(self, what: str) -> None:
        """Refresh or unregister the location of the row under the cursor."""
        from tui.screens.row_source import RowSource

        if isinstance(self.screen, CatalogScreen):
            getattr(RowSource(self, self.screen), what)()

    def on_sql_wanted(self, event: SqlWanted) -> None:
        """A screen has a question for the console."""
        self.show_sql(event.question)

    def on_entities_wanted(self, event: EntitiesWanted) -> None:
        """A screen names entities for the table."""
        self.desk.bookmarks.answer = event.refs[:ANSWER_AT_MOST]
        if len(event.refs) > ANSWER_AT_MOST:
            words = f"the first {ANSWER_AT_MOST} of {len(event.refs):,} entities"
            self.notify(words, severity="warning", markup=False, timeout=6)
        self.switch_mode("browse")

        def go() -> None:
            if isinstance(self.screen, BrowseScreen):
                self.screen.go_anew(self.screen.view.with_query("@answer"))

        self.call_after_refresh(go)

    def show_sql(self, question: str) -> None:
        """The SQL console with this question written, not asked yet."""
        from tui.screens.sql import SqlScreen

        self.switch_mode("sql")

        async def write() -> None:
            if isinstance(self.screen, SqlScreen):
                await self.screen.ask(question)

        self.call_after_refresh(write)

    def switch_mode(self, mode: str) -> AwaitMount:
        """As Textual does it, but not while a screen comes up: what is left half way then never does."""
        stack = self._screen_stacks.get(self.current_mode)
        if stack and not stack[-1].is_mounted:
            self.set_timer(MOUNTING, partial(self.switch_mode, mode))
            return AwaitMount(stack[-1], ())
        return super().switch_mode(mode)

    def action_show(self, mode: str) -> None:
        """Go to a place."""
        self.switch_mode(mode)

    def action_show_help(self) -> None:
        """What each key does, here first."""
        from tui.screens.help import HelpScreen

        if isinstance(self.screen, CatalogScreen) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.desk, self.screen))

    async def action_quit(self) -> None:
        """Leave; with drafts only when asked twice."""
        drafts = self.desk.open_drafts
        if not drafts or self._leaving:
            self.exit(0)
            return
        from tui.screens.choice_picker import Choice, ChoicePicker

        what = f"{len(drafts)} draft{'s' if len(drafts) > 1 else ''} not written"
        choices = [Choice("stay", "stay"), Choice("leave", "leave", "drafts are kept, and taken up when edited again")]

        def chosen(choice: str | None) -> None:
            self._leaving = False
            if choice == "leave":
                self.exit(0)

        self._leaving = True
        self.push_screen(ChoicePicker(what, choices, "stay"), chosen)

    def action_palette(self) -> None:
        """All actions of this place and of everywhere, and any entity."""
        from tui.model.palette import Command
        from tui.screens.palette import PaletteScreen

        screen = self.screen
        if not isinstance(screen, CatalogScreen):
            return
        known = (*of(screen.CONTEXT), *of(Context.APP))
        actions = [one for one in known if one.id != "app.palette" and not is_move(one)]
        commands = [Command(one, self.desk.keymap.shown(one), self.off(one)) for one in actions]

        async def chosen(what: Action | str | None) -> None:
            if isinstance(what, Action):
                await self.run_action(what.method, self if what.context is Context.APP else screen)
            elif what:
                from tui.screens.entity import EntityScreen

                self.push_screen(EntityScreen(self.desk, what))

        self.push_screen(PaletteScreen(self.desk, commands), chosen)

    def action_jump(self) -> None:
        """A letter on each place in sight; the second time, none."""
        from tui.screens.jump import Go, JumpScreen, places

        screen = self.screen
        if isinstance(screen, JumpScreen):
            screen.action_cancel()
        if not isinstance(screen, CatalogScreen):
            return
        leave = find(Context.JUMP, "cancel")

        def chosen(go: Go | None) -> None:
            if go and not self._is_gone(screen):
                go()

        if not (spots := places(screen)):
            self.notify("there is one place here only", markup=False, timeout=2)
        else:
            self.push_screen(JumpScreen(spots, self.desk.keymap.shown(leave) if leave else ""), chosen)

    def action_theme(self) -> None:
        """Other colours."""
        from tui.screens.theme_picker import ThemePicker

        def chosen(name: str | None) -> None:
            if name:
                self.desk.notebook.theme = name

        self.push_screen(ThemePicker(), chosen)

    def action_redraw(self) -> None:
        """The whole screen again."""
        self.refresh(repaint=True, layout=True)
        for screen in self._catalog_screens():
            screen.refresh(repaint=True, layout=True)


def _screen_of(pump: object) -> Screen[object] | None:
    """The screen that a widget is on, or that it is."""
    nodes = pump.ancestors_with_self if isinstance(pump, Widget) else ()
    return next((node for node in nodes if isinstance(node, Screen)), None)
