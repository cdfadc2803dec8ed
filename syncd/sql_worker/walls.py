"""What a worker cannot reach, layer by layer (R67). Each says by its name what is active, or why it is not."""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Callable
from pathlib import Path

from syncd.sql_worker import landlock, seccomp, syscalls

CPU_SECONDS = 3600
"""Processor time of one worker's whole life; the daemon sets a shorter bound for each question."""
OPEN_FILES = 64
_CAPABILITY_VERSION = 0x20080522


class WallError(Exception):
    """The walls would have a hole that counts: nothing of a stranger runs here."""


def raise_walls(memory_bytes: int, start_threads: Callable[[], None]) -> dict[str, str]:
    """Confine this process for good; the layers by name, each with what holds.

    What is open stays open: the snapshot, and the pipes to the daemon. `memory_bytes` come on top of what is in use.
    `start_threads` is called when threads inherit all that they would otherwise escape; after this function no thread
    and no process can be started. Raises `WallError`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if len(list(Path("/proc/self/task").iterdir())) > 1:  # most layers hold for one thread and those it starts
        raise WallError("there are threads already, and walls would not hold for them")
    _be_humble()
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()  # /proc is out of reach later
    active = {"network": _held(_leave_network), "capabilities": _held(_drop_capabilities)}
    active["no_new_privs"] = _held(lambda: syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1))
    active["landlock"] = _held(lambda: f"version {landlock.refuse_files()}")
    start_threads()
    active["limits"] = _held(lambda: _limit(used + memory_bytes))
    active["seccomp"] = _held(seccomp.refuse_calls)
    if all(active[name].startswith("no: ") for name in ("network", "seccomp")):
        raise WallError(f"network namespace: {active['network'][4:]}; seccomp: {active['seccomp'][4:]}")
    return active


def _held(layer: Callable[[], str | None]) -> str:
    try:
        return layer() or "yes"
    except OSError as error:
        return f"no: {error.strerror or error}"


def _be_humble() -> None:
    """Whoever else wants the processor or the memory comes first."""
    os.nice(19)
    try:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:  # some containers refuse it: a matter of manners, not of safety
        return


def _leave_network() -> str:
    """A network namespace without any address, of one's own where that is allowed, else in a user namespace."""
    try:
        syscalls.unshare(syscalls.CLONE_NEWNET)
    except PermissionError:
        syscalls.unshare(syscalls.CLONE_NEWUSER | syscalls.CLONE_NEWNET)
        return "own namespace, as its own user"
    return "own namespace"


def _drop_capabilities() -> None:
    nothing = struct.pack("6I", *[0] * 6)
    syscalls.call("capset", ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITY_VERSION, 0)), nothing)


def _limit(address_space: int) -> str:
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: address_space,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))
    return "address space, processor time, file size, processes, core files"
