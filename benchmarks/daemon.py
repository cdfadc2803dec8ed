"""The daemon as a benchmark meets it: a process of its own, spoken to over HTTP, weighed through /proc."""

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

START_LIMIT = 120.0
STOP_LIMIT = 30.0


def ended_by_sigterm() -> None:
    """Let SIGTERM unwind this program, so that the daemons it started end too."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


class DaemonError(Exception):
    """The daemon did not start, or ended by itself; the message holds the end of its log."""


class Api:
    """One kept-alive connection to the API; reconnects by itself. Not for two threads at once."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=60)

    def read(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        try:
            return self._once("GET", path)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connection.close()
            return self._once("GET", path)

    def get(self, path: str) -> Any:
        """The JSON that a GET answers; DaemonError for anything but 200."""
        status, body = self.read(path)
        if status != 200:
            raise DaemonError(f"GET {path} answered {status}: {body[:400].decode(errors='replace')}")
        return json.loads(body)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON that a POST of JSON answers; DaemonError for a refusal. It is sent once."""
        self._connection.request("POST", path, body, {"content-type": "application/json", **(headers or {})})
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise DaemonError(f"POST {path} answered {response.status}: {text[:400].decode(errors='replace')}")
        return json.loads(text)

    def close(self) -> None:
        """Drop the connection."""
        self._connection.close()

    def _once(self, method: str, path: str) -> tuple[int, bytes]:
        self._connection.request(method, path)
        response = self._connection.getresponse()
        return response.status, response.read()


class Daemon:
    """`python -m syncd run` on a free port over `state`; a context manager, so that none is left behind."""

    def __init__(self, state: Path, config: Path) -> None:
        self.state = state
        self.started = time.perf_counter()
        self._log = (state.parent / f"{state.name}.log").open("ab")
        command = [sys.executable, "-m", "syncd", "run", "--state", str(state), "--config", str(config)]
        self._process = subprocess.Popen(
            [*command, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=self._log, stdin=subprocess.DEVNULL
        )
        self.host, self.port = self._address(self._process.stdout)
        self.ready_after = time.perf_counter() - self.started
        self.api = Api(self.host, self.port)

    @property
    def pid(self) -> int:
        """Process id of the daemon itself."""
        return self._process.pid

    @property
    def url(self) -> str:
        """Base URL of its TCP listener."""
        return f"http://{self.host}:{self.port}"

    def wait_idle(self, limit: float = 600.0) -> float:
        """Wait until every location was tried and nothing runs; seconds since the process was started."""
        end = time.perf_counter() + limit
        while not self.api.get("/api/own/status")["idle"]:
            if time.perf_counter() > end:
                raise DaemonError(f"not idle after {limit:.0f} s{self._tail()}")
            time.sleep(0.05)
        return time.perf_counter() - self.started

    def stop(self) -> None:
        """End it in order; it is killed when that takes longer than STOP_LIMIT."""
        self.api.close()
        self._end()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.api.close()
        self._process.kill()
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _address(self, out: IO[bytes] | None) -> tuple[str, int]:
        """Read the `ready http://HOST:PORT unix:PATH` line."""
        assert out is not None
        line = out.readline().decode()
        if not line.startswith("ready http://"):
            self._end()
            raise DaemonError(f"no ready line but {line!r}{self._tail()}")
        host, _, port = line.split()[1].removeprefix("http://").rpartition(":")
        return host, int(port)

    def _end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._let_go()

    def _let_go(self) -> None:
        self._process.wait()
        self._log.close()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _tail(self) -> str:
        return "\n" + Path(self._log.name).read_text(errors="replace")[-2000:]
