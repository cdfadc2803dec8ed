"""The daemon on a disk that begins to fail: from the moment that a file appears, one system call only ever fails.

`python -m tests.support.failing_disk FILE CALL ERRNO run --state …`. A filter of system calls does it, in all threads
and in all processes that are started then; so it is the real code of the engines that meets the error.
"""

import ctypes
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Final

from syncd.__main__ import main as daemon
from syncd.sql_worker import syscalls

CALLS: Final = {
    # name: x86_64, aarch64
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "pwrite64": (18, 68),
    "ftruncate": (77, 46),
    "rename": (82, 38),
    "unlink": (87, 35),
}
"""Where a processor has no such call, its newer form."""
_LOAD, _EQUAL, _RETURN, _ALLOW, _ERRNO = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050000
_SET_FILTER, _ALL_THREADS = 1, 1


def fail(call: str, code: int) -> None:
    """Let a call fail with this error from now on."""
    number = syscalls.number(CALLS[call])
    steps = [(_LOAD, 0, 0, 0), (_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | code), (_RETURN, 0, 0, _ALLOW)]
    program = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(held)))
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.call("seccomp", ctypes.c_uint(_SET_FILTER), ctypes.c_uint(_ALL_THREADS), described)


def _wait(trigger: Path, call: str, code: int) -> None:
    while not trigger.exists():
        time.sleep(0.002)
    fail(call, code)


if __name__ == "__main__":
    trigger, call, code, *rest = sys.argv[1:]
    threading.Thread(target=_wait, args=(Path(trigger), call, int(code)), daemon=True).start()
    sys.exit(daemon(rest))
