"""How a worker limits itself: memory by the address space, processor time by a timer whose signal kills it."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def confine(memory_bytes: int) -> None:
    """No core dumps, no answer to Ctrl-C (the daemon decides), and so much address space beyond what is in use."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes, used + memory_bytes))


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """The process is killed, by a signal that tells so, when it spends more than this within."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
