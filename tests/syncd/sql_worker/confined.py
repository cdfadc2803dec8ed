"""Run as a program: raise the walls, then try everything that they shall stop; what came of each try, as JSON."""

import json
import os
import resource
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from syncd.sql_worker import landlock, seccomp, syscalls
from syncd.sql_worker.walls import WallError, raise_walls


def main(without: list[str], folder: Path) -> dict[str, object]:
    """`without` names layers that are torn out first."""
    opened = (folder / "open").open("w")
    writing = os.open(folder / "writable", os.O_CREAT | os.O_RDWR)
    server = socket.create_server(("127.0.0.1", 0))
    address = server.getsockname()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if "threads" in without:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    tear_out(without)
    try:
        layers = raise_walls(256 << 20, lambda: None)
    except WallError as error:
        return {"refused": str(error)}
    found = {
        "tcp": told(lambda: socket.create_connection(address, 1)),
        "udp": told(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))),
        "old socket": told(lambda: datagrams.sendto(b"x", ("127.0.0.1", 9))),
        "unix socket": told(lambda: socket.socketpair()),
        "read": told(lambda: (folder / "secret").read_text()),
        "list": told(lambda: list(folder.iterdir())),
        "create": told(lambda: (folder / "new").write_text("x")),
        "write": told(lambda: os.write(writing, b"x")),
        "remove": told(lambda: (folder / "secret").unlink()),
        "chmod": told(lambda: (folder / "secret").chmod(0o777)),
        "fork": told(fork),
        "exec": told(lambda: os.execv("/bin/true", ["true"])),
        "thread": told(lambda: threading.Thread(target=print).start()),
        "signal": told(lambda: os.kill(os.getppid(), 0)),
        "raise a limit": told(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))),
        "memory": told(lambda: bytearray(1 << 30)),
    }
    opened.close()
    return {"layers": layers, "found": found}


def tear_out(layers: list[str]) -> None:
    def missing(*_: object) -> NoReturn:
        raise OSError("it is not there")

    places: dict[str, tuple[object, str]] = {
        "network": (syscalls, "unshare"),
        "seccomp": (seccomp, "refuse_calls"),
        "landlock": (landlock, "refuse_files"),
    }
    for layer in places.keys() & set(layers):
        setattr(*places[layer], missing)


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def told(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, MemoryError, RuntimeError, ValueError) as error:
        return type(error).__name__
    return "done"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[2:], Path(sys.argv[1]))))
    sys.stdout.flush()
    os._exit(0)
