"""Landlock: no file can be opened any more; what is open stays so (R67)."""

import ctypes
import os
import struct

from syncd.sql_worker import syscalls

_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights on files that a version of the kernel's interface knows."""
_TCP_BIND_AND_CONNECT, _ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3
_ASK_VERSION = 1


def version() -> int:
    """The kernel's version of Landlock; 0 where it has none."""
    try:
        return syscalls.call("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION))
    except OSError:
        return 0


def refuse_files() -> int:
    """From now on this thread, and those it starts, open no file, make none and remove none; pipes are no files.

    The answer is the version of the kernel's interface; OSError where there is none. Needs NO_NEW_PRIVS.
    """
    known = version()
    if not known:
        raise OSError("the kernel has no Landlock")
    attributes = struct.pack("Q", max(bits for first, bits in _FILE_RIGHTS.items() if first <= known))
    if known >= 4:
        attributes += struct.pack("Q", _TCP_BIND_AND_CONNECT)
    if known >= 6:
        attributes += struct.pack("Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = syscalls.call("landlock_create_ruleset", attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    try:
        syscalls.call("landlock_restrict_self", ruleset, ctypes.c_uint(0))
    finally:
        os.close(ruleset)
    return known
