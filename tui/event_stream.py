"""The daemon's events without end: lost connections are opened again where they broke off."""

import time
from collections.abc import Callable, Iterator

from tui.client import ApiProblem, Client, DaemonUnreachable, Event

FIRST_PAUSE = 0.2
"""Seconds before the first attempt to reconnect; each further one waits twice as long."""

LONGEST_PAUSE = 5.0
"""Seconds between attempts at most."""


def follow(
    client: Client,
    last_event_id: str = "",
    *,
    on_open: Callable[[], None] = lambda: None,
    on_lost: Callable[[Exception], None] = lambda _error: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """Events after `last_event_id`, for ever: none is lost or repeated over a reconnect (`Last-Event-ID`).

    The first connection must succeed (`DaemonUnreachable`, `ApiProblem`); after it, `on_lost` is told of every
    failure and `on_open` of every connection. `sleep` takes seconds and may raise to end the iteration.
    """
    pause, opened = FIRST_PAUSE, False
    while True:
        try:
            with client.events(last_event_id) as events:
                opened, pause = True, FIRST_PAUSE
                on_open()
                for event in events:
                    last_event_id = event.id or last_event_id
                    yield event
            on_lost(DaemonUnreachable(client.address.text, "it closed the stream"))
        except DaemonUnreachable as lost:
            if not opened:
                raise
            on_lost(lost)
        except ApiProblem as problem:
            if not opened or problem.status < 500:
                raise
            on_lost(problem)
        sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
