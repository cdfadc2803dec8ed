"""Threads for blocking calls, so that the event loop never waits; bounded, and so is their queue (R80)."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from syncd.errors import UnavailableError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Pool:
    """Up to `threads` calls at the same time and `queue` more that wait for a thread."""

    def __init__(self, name: str, threads: int, queue: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._capacity = threads + queue
        self._taken = 0
        self._lock = threading.Lock()
        self.refused = 0
        """How many calls found the queue full."""

    @property
    def depth(self) -> int:
        """How many calls run or wait now."""
        return self._taken

    async def run(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Call in a thread; UnavailableError at once where the queue is full. Call from the event loop only."""
        if self._taken >= self._capacity:
            self.refused += 1
            raise UnavailableError("the daemon has too much to do", hint="try again in a moment")
        with self._lock:
            self._taken += 1
        future = self._executor.submit(partial(function, *args, **kwargs))
        future.add_done_callback(self._leave)  # not the awaiting task: that may be cancelled while the thread goes on
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Take no more calls; those that run go on to their end."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _leave(self, _: object) -> None:
        with self._lock:
            self._taken -= 1
