"""Where the secret of a credential is: a file, a variable of the environment, or the answer of a command (R77).

A secret is read whenever it is needed, so that a new one is taken over without a restart.
"""

import os
import stat
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from syncd.errors import StalledError
from syncd.git.children import end_group
from syncd.secrecy import hide

MOST_BYTES: Final = 64 * 1024
COMMAND_SECONDS: Final = 10.0
KEPT_SECONDS: Final = 300.0
"""How long the answer of a command is used, unless a server refuses it."""
RENEWED_SECONDS: Final = 60.0
"""Between two times that a command is asked again because of a refusal: many repositories may refuse one secret."""
_OTHERS: Final = 0o077


class SecretError(StalledError):
    """The secret cannot be had; nothing was asked of the remote."""

    code = "git.credential"


class Secret(Protocol):
    """A secret, wherever it is."""

    def read(self) -> str:
        """The secret; it is hidden from all that is told from now on. Raises `SecretError`."""
        ...

    def renew(self) -> bool:
        """A server refused it: whether reading again may give another one at once."""
        ...

    @property
    def place(self) -> str:
        """Where it is, in words for the operator; without folders, since callers of the API are told too (R60)."""
        ...

    @property
    def renewal(self) -> str:
        """When a new one is taken over, in words for the operator."""
        ...


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A file that only its owner may read, who is the daemon's user or root. Read each time."""

    path: Path

    @property
    def place(self) -> str:
        return f"secret_file {self.path.name}"

    @property
    def renewal(self) -> str:
        return "it is read at the next look"

    def read(self) -> str:
        self.check()
        try:
            with self.path.open("rb") as file:
                return _known(file.read(MOST_BYTES + 1), self.place)
        except OSError as error:
            raise self._unreadable(error) from None

    def renew(self) -> bool:
        return False

    def check(self) -> None:
        """Raise `SecretError` unless it is there, and private."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise self._unreadable(error) from None
        if not stat.S_ISREG(found.st_mode):
            raise SecretError(f"{self.place} is no regular file", hint="name the file that holds the secret")
        if found.st_uid not in (0, os.geteuid()):
            raise SecretError(f"{self.place} belongs to another user", hint="chown it to the daemon's user, or to root")
        if stat.S_IMODE(found.st_mode) & _OTHERS:
            mode = stat.S_IMODE(found.st_mode)
            raise SecretError(f"others may read {self.place} ({mode:04o})", hint="chmod 600, and then a new secret")

    def _unreadable(self, error: OSError) -> SecretError:
        reason = (error.strerror or "it cannot be read").lower()
        return SecretError(f"{self.place}: {reason}", hint="write the secret there; it is read at the next look")


@dataclass(frozen=True, slots=True)
class SecretVariable:
    """A variable of the environment that the daemon was started with; `value` None where it had none."""

    name: str
    value: str | None = field(repr=False)

    @property
    def place(self) -> str:
        return f"secret_env {self.name}"

    @property
    def renewal(self) -> str:
        return "then start the daemon again"

    def read(self) -> str:
        if self.value is None:
            raise SecretError(f"{self.place} is not set", hint="set it, and start the daemon again")
        return _known(self.value.encode("utf-8", "surrogateescape"), self.place)

    def renew(self) -> bool:
        return False


class SecretCommand:
    """What a command writes, which is run without a shell; kept for a while, since asking may take long."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._lock = threading.Lock()
        self._kept = ""
        self._until = 0.0
        self._renewed = -RENEWED_SECONDS

    @property
    def place(self) -> str:
        return f"secret_command {Path(self._words[0]).name}"

    @property
    def renewal(self) -> str:
        return "it is asked again at the next look"

    def read(self) -> str:
        with self._lock:  # ten fetches ask once
            if not self._kept or time.monotonic() >= self._until:
                self._kept = _known(self._run(), self.place)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._kept

    def renew(self) -> bool:
        """Ask again, unless that was done a moment ago, and say whether the answer is another one."""
        with self._lock:
            now = time.monotonic()
            if now - self._renewed < RENEWED_SECONDS:
                return False
            self._renewed = now
            refused, self._kept = self._kept, ""
        return bool(refused) and self.read() != refused

    def _run(self) -> bytes:
        """Its first output, within the time; what it says on stderr is not ours to tell."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        try:
            process = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            reason = (error.strerror or "it cannot be started").lower()
            raise SecretError(f"{self.place}: {reason}", hint="name a program that the daemon can start") from None
        with process:
            try:
                output, _ = process.communicate(timeout=COMMAND_SECONDS)
            except subprocess.TimeoutExpired:
                end_group(process.pid, 0.0)
                raise SecretError(f"{self.place} did not end within {COMMAND_SECONDS:g} s", hint=self._hint) from None
        if process.returncode:
            raise SecretError(f"{self.place} failed with {process.returncode}", hint=self._hint)
        return output

    @property
    def _hint(self) -> str:
        return "run it as the daemon's user; it must not ask anything"


def _known(content: bytes, place: str) -> str:
    """The secret in what was read: without the line end behind it. Everything else is part of it."""
    if len(content) > MOST_BYTES:
        raise SecretError(f"{place} holds more than {MOST_BYTES} bytes", hint="that is no secret")
    try:
        text = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretError(f"{place} holds no text", hint="it must give the secret, and nothing else") from None
    if not text.strip():
        raise SecretError(f"{place} is empty", hint="it must give the secret, and nothing else")
    hide(text)
    return text
