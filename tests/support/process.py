"""A daemon process that may be killed, damaged or starved, asked over its Unix socket."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from tests.support.daemon import wait_until

RUN = (sys.executable, "-m", "syncd", "run")
ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0
IDLE_SECONDS = 120.0


class KilledError(Exception):
    """The daemon was killed in the middle of a request: nobody knows whether it was carried out."""


class Process:
    """`python -m syncd run` on the state in `folder`, started at once; whoever starts one ends it, too."""

    def __init__(
        self,
        folder: Path,
        configuration: str = "",
        *options: str,
        listen: str = "127.0.0.1:0",
        program: Sequence[str] = RUN,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.state = folder / "state"
        self.config = folder / "config.toml"
        self.config.write_text(configuration)
        self._log = folder / "daemon.log"
        self.began = time.monotonic()
        with self._log.open("ab") as stderr:
            self._process = subprocess.Popen(
                [*program, "--state", str(self.state), "--config", str(self.config), "--listen", listen, *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                cwd=ROOT,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything that it and its predecessors said."""
        return self._log.read_text()

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and JSON of an answer; KilledError where there was none."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(READY_SECONDS)
        try:
            connection.sock.connect(str(self.state / "catalog.sock"))
            content = None if body is None else orjson.dumps(body)
            connection.request(method, path, content, {"content-type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise KilledError(f"{error}; exit code {self._process.poll()}") from error
        finally:
            connection.close()
        return answer.status, orjson.loads(text) if text else None

    def register(self, target: str) -> str:
        """Register a repository and wait until it was read; the location's id."""
        status, answer = self.ask("POST", "/api/own/locations", {"type": "git", "target": target})
        assert status == 201, answer
        self.sync()
        return str(answer["id"])

    def sync(self) -> None:
        """Look at everything now, and wait until nothing is left to do."""
        assert self.ask("POST", f"/api/own/refresh?wait={IDLE_SECONDS:.0f}", {}) == (200, {"done": True})
        self.wait_idle()

    def title(self, name: str) -> str | None:
        """Title of a component; None where there is no such component."""
        status, answer = self.ask("GET", f"/api/catalog/entities/by-name/component/default/{name}")
        return str(answer["metadata"]["title"]) if status == 200 else None

    def wait_ready(self) -> float:
        """Seconds from the start of the process until it could answer a question about its data."""
        self.wait_status(200)
        return time.monotonic() - self.began

    def wait_status(self, wanted: int) -> list[str]:
        """Wait until `/readyz` answers with this status; the reasons that it gives."""
        reasons: list[str] = []

        def answers() -> bool:
            assert self._process.poll() is None, f"the daemon ended by itself:\n{self.log[-4000:]}"
            try:
                status, answer = self.ask("GET", "/readyz")
            except KilledError:
                return False
            reasons[:] = answer["reasons"]
            return status == wanted and not any("opening its data" in reason for reason in reasons)

        wait_until(answers, f"/readyz says {wanted}; {self._log}", READY_SECONDS)
        return reasons

    def wait_idle(self) -> dict[str, Any]:
        """The status when nothing is left to do."""
        found: dict[str, Any] = {}

        def idle() -> bool:
            try:
                found.update(self.ask("GET", "/api/own/status")[1])
            except KilledError:
                raise AssertionError(f"it ended with {self.wait_end()}:\n{self.log[-4000:]}") from None
            return bool(found["idle"])

        wait_until(idle, "the daemon is idle", IDLE_SECONDS)
        return found

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """In order; the exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        return self.wait_end()

    def wait_end(self, seconds: float = READY_SECONDS) -> int:
        """The exit code when it ends by itself; it is killed where it does not."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def syncd(verb: str, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a verb that works on the state in `folder` without a daemon, or beside one."""
    command = syncd_command(verb, folder, *arguments)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def syncd_command(verb: str, folder: Path, *arguments: str) -> list[str]:
    """The command line of a verb."""
    configured = ["--config", str(folder / "config.toml")] if verb in ("rebuild", "repair") else []
    return [sys.executable, "-m", "syncd", verb, "--state", str(folder / "state"), *configured, *arguments]


def component(name: str, title: str = "") -> str:
    """A catalog file with one component."""
    return (
        f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  title: '{title or name}'\n"
        "spec:\n  type: service\n  lifecycle: production\n  owner: team\n"
    )
