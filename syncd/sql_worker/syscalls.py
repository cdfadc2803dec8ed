"""System calls that Python has no name for, by ctypes; numbers of the two processors that are known."""

import ctypes
import os
import platform

MACHINE = platform.machine()
X86, ARM = "x86_64", "aarch64"
_COLUMN = {X86: 0, ARM: 1}

NUMBERS = {
    # name: x86_64, aarch64 (None: there is none)
    "capset": (126, 91),
    "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
}
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def known_machine() -> bool:
    """Whether the numbers of this processor are known."""
    return MACHINE in _COLUMN


def number(pair: tuple[int | None, int | None]) -> int | None:
    """This processor's number of a call that is written as (x86_64, aarch64)."""
    return pair[_COLUMN[MACHINE]]


def call(name: str, *arguments: object) -> int:
    """Make the call; OSError with its reason."""
    if not known_machine():
        raise OSError(f"the system calls of {MACHINE} are not known")
    return _checked(_libc.syscall(ctypes.c_long(number(NUMBERS[name]) or -1), *arguments))


def prctl(option: int, value: int) -> None:
    """`prctl(2)`; OSError with its reason."""
    zero = ctypes.c_ulong(0)
    _checked(_libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero))


def unshare(flags: int) -> None:
    """`unshare(2)`; OSError with its reason."""
    _checked(_libc.unshare(flags))


def _checked(result: int) -> int:
    if result < 0:
        reason = ctypes.get_errno()
        raise OSError(reason, os.strerror(reason))
    return result
