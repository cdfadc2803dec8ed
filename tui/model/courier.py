"""Carries questions to the daemon on a few threads of its own, so that no key ever waits for it.

Own threads, not the event loop's executor: Python joins those at exit, and a daemon that hangs must not keep the person
from leaving. A lane holds at most one question that has not started: a newer one takes its place, so ten keystrokes
during one slow answer cost one more question, not ten.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tui.model.source import SourceError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came back: a value or an error, and how many milliseconds it took from the moment it was sent."""

    value: T | None
    error: Exception | None
    milliseconds: float


class SupersededError(SourceError):
    """The question was never asked: a newer one in its lane took its place."""


class Courier:
    """`send` returns at once; `deliver` is called on a courier thread and must only hand the answer over."""

    def __init__(self, threads: int = 3) -> None:
        self._waiting: OrderedDict[str, tuple[Callable[[], None], Callable[[], None]]] = OrderedDict()
        self._changed = threading.Condition()
        self._busy = 0
        self._closed = False
        for number in range(threads):
            threading.Thread(target=self._run, name=f"courier-{number}", daemon=True).start()

    def send(self, lane: str, question: Callable[[], T], deliver: Callable[[Answer[T]], object]) -> None:
        """Ask as soon as a thread is free; a waiting question in the same lane is answered with SupersededError."""

        def errand() -> None:
            started = time.perf_counter()
            value: T | None = None
            error: Exception | None = None
            try:
                value = question()
            except SourceError as failure:
                error = failure
            except Exception as failure:  # a foreign exception must become words on the screen, not a dead thread
                error = SourceError(f"{type(failure).__name__}: {failure}")
            deliver(Answer(value, error, (time.perf_counter() - started) * 1000))

        def forgo() -> None:
            deliver(Answer(None, SupersededError("superseded"), 0.0))

        with self._changed:
            older = self._waiting.pop(lane, None)
            self._waiting[lane] = (errand, forgo)
            self._changed.notify()
        if older:
            older[1]()

    def quiet(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        with self._changed:
            return not self._waiting and not self._busy

    def close(self) -> None:
        """Take no more questions. What is under way is left behind, not waited for."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                _, (errand, _forgo) = self._waiting.popitem(last=False)
                self._busy += 1
            try:
                errand()
            finally:
                with self._changed:
                    self._busy -= 1
