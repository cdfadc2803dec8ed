"""The application's end of the line to the daemon: how the daemon is, and what can be done while it is away."""

import time
from typing import Any

from textual.app import App

from tui.model.courier import Answer
from tui.model.link import Down, Link, News, Up
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.messages import DaemonStarted, NewsArrived

AWAY = 3.0
"""Seconds of silence after which it is said what can be done: a restart is over by then."""
NO_DAEMON = "the daemon does not answer; what was read stays\n^p start the daemon, or in a shell: catalog daemon start"


class Connection:
    """Keeps the health on the desk. News and answers come to the application as messages, and from it back here."""

    def __init__(self, app: App[Any], desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._link = Link(desk.source, self._tell)
        self._told_away = False

    def start(self) -> None:
        """Follow the daemon."""
        self._link.start()

    def close(self) -> None:
        """Nobody listens any more."""
        self._link.close()

    def hear(self, news: News) -> None:
        """Keep what news say of the daemon; of a change they say nothing, so it is asked."""
        desk = self._desk
        if isinstance(news, Up):
            desk.health = desk.health.up(news.status)
            if self._told_away:
                self._told_away = False
                self._app.clear_notifications()  # they told of what is over
        elif isinstance(news, Down):
            desk.health = desk.health.down(news.reason, news.delay, time.monotonic())
        else:
            self.ask_status()

    def tick(self, now: float) -> None:
        """Time went by: a daemon that is away too long is told of, one that is busy is asked again."""
        health = self._desk.health
        if health.down_since is not None and not self._told_away and now - health.down_since > AWAY:
            self._told_away = True
            self._app.notify(NO_DAEMON, severity="warning", markup=False, timeout=8)
        if health.passing():
            self.ask_status()  # becoming idle is no change of the catalog: no event tells of it

    def ask_status(self) -> None:
        """Have it say how it stands; the answer is news."""
        self._desk.courier.send(
            "status",
            self._desk.source.status,
            lambda answer: self._tell(Up(answer.value, again=False)) if answer.value else None,
        )

    def start_off(self) -> str:
        """Why the daemon cannot be started from here, empty where it can."""
        if self._desk.start_daemon is None:
            return "it is another machine's"
        return "it runs" if self._desk.health.down_since is None else ""

    def start_daemon(self) -> None:
        """Start it in the background; `DaemonStarted` tells what came of that."""
        start = self._desk.start_daemon
        if start is not None:
            self._app.notify("starting the daemon", markup=False, timeout=3)
            self._desk.courier.send("start", start, lambda answer: self._app.post_message(DaemonStarted(answer)))

    def daemon_started(self, answer: Answer[int]) -> None:
        """It is asked at once, or it is said why it does not run."""
        if answer.value is None:
            words = safe_text(str(answer.error), multiline=True, limit=600)
            self._app.notify(words, severity="error", markup=False, timeout=12)
        self._link.retry()

    def _tell(self, news: News) -> None:
        self._app.post_message(NewsArrived(news))
