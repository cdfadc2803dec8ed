"""Debian's `sshd` on a port of this machine, with keys that are thrown away."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 20.0
_PLACES = "/usr/sbin:/usr/local/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class SshServer:
    """Where it answers, and what its clients may know of it."""

    port: int
    host_key: Path
    authorized: Path
    log: Path

    def known_as(self, host: str) -> str:
        """The line of a `known_hosts` file."""
        kind, key, *_ = self.host_key.with_suffix(".pub").read_text().split()
        return f"[{host}]:{self.port} {kind} {key}\n"


def new_key(path: Path) -> Path:
    """A private key; its public half is beside it."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "throw-away", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def sshd_program() -> str:
    """Debian's sshd, installed where it is not there; without it and without the right to install, a reason to skip."""
    found = shutil.which("sshd", path=_PLACES)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # no service is started
        for words in (["update"], ["install", "--yes", "--no-install-recommends", "openssh-server"]):
            subprocess.run(["apt-get", "-qq", *words], env=quiet, capture_output=True, check=False, timeout=600)
        found = shutil.which("sshd", path=_PLACES)
    if found is None:
        pytest.skip("there is no sshd, and it could not be installed (apt-get install openssh-server)")
    return found


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Let in who has a key of `authorized`, as the user of the tests; and run what they ask for."""
    program = sshd_program()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    host_key, authorized, log = new_key(folder / "host"), folder / "authorized", folder / "log"
    authorized.touch(mode=0o600)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it puts itself before it knows who is there
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "config"
    config.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {host_key}\nAuthorizedKeysFile {authorized}\nPidFile none\n"
        "PermitRootLogin yes\nUsePAM no\nStrictModes no\nPasswordAuthentication yes\nAcceptEnv GIT_PROTOCOL\n"
    )
    process = subprocess.Popen([program, "-D", "-e", "-f", str(config), "-E", str(log)], stdin=subprocess.DEVNULL)
    try:
        _wait_for(port, process, log)
        yield SshServer(port, host_key, authorized, log)
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, "sshd does not answer"
            time.sleep(0.05)
        else:
            return
