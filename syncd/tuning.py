"""How this process is set up before it does anything: what Python and the C library do by default suits other work."""

import ctypes
import gc
import resource
import sys

SWITCH_SECONDS = 0.0001
"""How long a thread that computes may keep those waiting that only talk to git: a fiftieth of Python's own."""

GARBAGE = (50_000, 20, 100)
"""Thresholds of the cycle collector. Entities hold no cycles: with Python's own thresholds an eighth of a rebuild is
spent on looking for some."""

ARENAS = 2
"""Heaps of the C library. By default each thread gets one, which keeps what it freed: a tenth of all memory."""

_M_ARENA_MAX = -8
_PR_SET_DUMPABLE = 4


def tune() -> None:
    """Set up the process; call before threads are started. Where the C library is another one, it stays as it is."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*GARBAGE)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, ARENAS)


def close_memory() -> None:
    """Let no other process of this user read our memory or first environment, and write none of it to a disk (R78).

    What we start is not touched by the first: a new program begins anew.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, *map(ctypes.c_ulong, (0, 0, 0, 0)))
