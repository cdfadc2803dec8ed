"""A real daemon process with a state of its own, and clients for both of its sockets."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

READY_SECONDS = 60.0
STOP_SECONDS = 25.0
SYNC_SECONDS = 60.0


class Daemon:
    """`python -m syncd run`, started at once; `owner` asks over the Unix socket as the one who may do everything."""

    def __init__(
        self, folder: Path, config: str = "", *, listen: str = "127.0.0.1:0", environ: Mapping[str, str] | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.state = folder / "state"
        self.log = folder / "daemon.log"
        config_file = folder / "config.toml"
        config_file.write_text(config)
        command = [sys.executable, "-m", "syncd", "run", "--state", str(self.state), "--config", str(config_file)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--listen", listen],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **(environ or {})},
                cwd=Path(__file__).parents[2],
            )
        self.ready_line = self._ready_line()
        _, self.url, unix = self.ready_line.split(" ", 2)
        self.socket = unix.removeprefix("unix:").strip()
        self.owner = httpx.Client(
            transport=httpx.HTTPTransport(uds=self.socket), base_url="http://localhost", timeout=SYNC_SECONDS
        )
        wait_until(self._is_ready, "the daemon has opened its data")

    @property
    def port(self) -> int:
        """The TCP port that the system chose."""
        return int(self.url.rpartition(":")[2])

    @contextmanager
    def stranger(self, token: str = "", **headers: str) -> Iterator[httpx.Client]:
        """A client over TCP, with a token or with none."""
        sent = {**headers, "authorization": f"Bearer {token}"} if token else headers
        with httpx.Client(base_url=self.url, headers=sent, timeout=SYNC_SECONDS) as client:
            yield client

    def token(self, *scopes: str, name: str = "test") -> str:
        """The text of a new token."""
        answer = self.owner.post("/api/own/tokens", json={"name": name, "scopes": list(scopes)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    def register(self, target: str, **selectors: Any) -> dict[str, Any]:
        """Register a location and wait until it is visible; the location as the own API shows it."""
        answer = self.owner.post("/api/own/locations", json={"target": target, **selectors})
        assert answer.status_code == 201, answer.text
        location: dict[str, Any] = answer.json()
        self.sync()
        return location

    def sync(self) -> None:
        """Look at everything now; returns when it is visible and nothing is left to do."""
        answer = self.owner.post("/api/own/refresh", params={"wait": SYNC_SECONDS})
        assert answer.json() == {"done": True}, answer.text
        wait_until(lambda: bool(self.owner.get("/api/own/status").json()["idle"]), "the daemon is idle")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the process in order; its exit code."""
        self.owner.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            _pipe(self.process).close()

    def __enter__(self) -> "Daemon":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _is_ready(self) -> bool:
        try:
            return self.owner.get("/readyz").status_code == 200
        except httpx.TransportError as error:
            self.stop()
            raise AssertionError(f"the daemon ended: {self.log.read_text()}") from error

    def _ready_line(self) -> str:
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.append(_pipe(self.process).readline().decode()), daemon=True)
        reader.start()
        reader.join(READY_SECONDS)
        if not lines or not lines[0].startswith("ready "):
            self.process.kill()
            self.process.wait()
            reader.join()
            _pipe(self.process).close()
            raise AssertionError(f"the daemon did not get ready: {lines}\n{self.log.read_text()}")
        return lines[0]


def wait_until(condition: Callable[[], bool], what: str, seconds: float = SYNC_SECONDS) -> None:
    """Return as soon as a condition holds; AssertionError naming it after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.01)


def _pipe(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout
