"""Starts git: own session, own environment, clocks that always work (R2, R12, R13)."""

import os
import selectors
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syncd.errors import CatalogError, StalledError, TransientError
from syncd.git.access import Access, Way
from syncd.git.address import Resolver, system_resolver
from syncd.git.children import ChildRecords, end_group
from syncd.git.profile import git_environment, prepare_home
from syncd.git.settings import GitSettings

MAX_OUTPUT: Final = 16 * 1024 * 1024
_KEPT_MESSAGES: Final = 64 * 1024
_CHUNK: Final = 65536
_NOTHING: Final[Mapping[str, str]] = {}
_LIMITED: Final = 'ulimit -f "$0" 2>/dev/null; exec "$@"'
"""A limit set in the child by a shell: code of ours between fork and exec could deadlock in a threaded daemon."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a child ended; `messages` is the end of what it wrote to stderr, which holds text of the remote."""

    code: int
    output: bytes
    messages: str
    way: Way | None = None
    """How the remote was reached, where it was about one."""
    moved_to: str = ""
    """The host that the remote sends us to."""

    @property
    def ok(self) -> bool:
        return self.code == 0


class Runner:
    """The only place that starts git. Thread-safe; `close` ends everything that runs."""

    def __init__(self, root: Path, settings: GitSettings, program: str, resolve: Resolver = system_resolver) -> None:
        self.settings = settings
        self.access = Access(root, settings, resolve)
        self.program = program
        self._root = root
        prepare_home(root, settings)
        self._environment = git_environment(root, settings)
        self._records = ChildRecords(root / "children")
        self.started = 0
        """Git processes that were begun."""
        self.killed: Counter[str] = Counter()
        """Those that were ended before their time, by the reason: timeout, too_large, stopped, earlier_life."""
        if ended := self._records.end_leftovers(settings.kill_grace):
            self.killed["earlier_life"] = ended
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._closed = False

    def environment(self, git_dir: Path) -> dict[str, str]:
        """Everything that a child which reads or writes this mirror may know."""
        return self._environment | {"GIT_DIR": str(git_dir)}

    def run(
        self,
        arguments: Sequence[str | bytes],
        git_dir: Path,
        *,
        clock: float | None = None,
        max_output: int = MAX_OUTPUT,
        writes: bool = False,
        feed: bytes = b"",
        also: Mapping[str, str] = _NOTHING,
        sieve: Callable[[bytes], bytes] | None = None,
    ) -> Finished:
        """Run git to its end. `writes` is for what receives objects: its files are limited and its group recorded.

        `feed` is what it reads from its standard input, `also` what its environment holds beside the profile. `sieve`
        is given each piece of stderr as it comes, b"" at the end, and gives back what of it belongs to the messages.
        Raises `TransientError` git.timeout after `clock` seconds, `StalledError` git.too_large for more output than
        `max_output`; in both cases no process of the group is left.
        """
        with tempfile.TemporaryFile(dir=self._root) if feed else nullcontext() as source:  # a pipe could fill up
            if source is not None:
                source.write(feed)
                source.seek(0)
            stdin = subprocess.DEVNULL if source is None else source.fileno()
            process = self._start(arguments, git_dir, stdin, subprocess.PIPE, limited=writes, also=also)
        if writes:
            self._records.add(process.pid)
        try:
            return _collect(process, clock or self.settings.read_clock, max_output, sieve or _all)
        except CatalogError as error:
            self.count_kill(error)
            raise
        finally:
            ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            self._end(process, 0.0 if ended else self.settings.kill_grace)
            if writes:
                self._records.remove(process.pid)

    def converse(self, arguments: Sequence[str | bytes], git_dir: Path) -> subprocess.Popen[bytes]:
        """Start a child that answers over pipes as long as it is asked; hand it to `hang_up` in the end."""
        return self._start(arguments, git_dir, subprocess.PIPE, subprocess.DEVNULL, limited=False)

    def hang_up(self, process: subprocess.Popen[bytes]) -> None:
        """End a conversation, whatever state it is in: a child that only reads has nothing to put in order."""
        if process.stdin:
            process.stdin.close()
        self._end(process, 0.0)

    def count_kill(self, error: CatalogError) -> None:
        """Note why a child is about to be ended."""
        with self._lock:
            self.killed[error.code.removeprefix("git.")] += 1

    @property
    def children(self) -> int:
        """How many git processes run."""
        return len(self._running)

    def close(self) -> None:
        """End every child; a later start is refused."""
        with self._lock:
            self._closed = True
            for pid in self._running:
                self.killed["stopped"] += 1
                end_group(pid, self.settings.kill_grace)

    def _start(
        self,
        arguments: Sequence[str | bytes],
        git_dir: Path,
        stdin: int,
        stderr: int,
        *,
        limited: bool,
        also: Mapping[str, str] = _NOTHING,
    ) -> subprocess.Popen[bytes]:
        command: list[str | bytes] = [self.program, *arguments]
        if limited:
            command = ["/bin/sh", "-c", _LIMITED, str(self.settings.mirror_bytes // 512), *command]
        with self._lock:
            if self._closed:
                raise TransientError("the daemon is stopping", code="git.stopped")
            process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**self.environment(git_dir), **also},
                cwd=self._root,
                start_new_session=True,
                bufsize=0,
            )
            self._running.add(process.pid)
            self.started += 1
        return process

    def _end(self, process: subprocess.Popen[bytes], grace: float) -> None:
        """Reap the child, after ending it and what it leaves behind in its session."""
        end_group(process.pid, grace)
        with self._lock:
            self._running.discard(process.pid)
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _all(chunk: bytes) -> bytes:
    return chunk


def _collect(
    process: subprocess.Popen[bytes], clock: float, max_output: int, sieve: Callable[[bytes], bytes]
) -> Finished:
    """Read both pipes to their end, then wait for the exit, all within the clock."""
    until = time.monotonic() + clock
    output, messages = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe, into in ((process.stdout, (output, _all)), (process.stderr, (messages, sieve))):
            if pipe:
                selector.register(pipe, selectors.EVENT_READ, into)
        while selector.get_map():
            for key, _ in _ready(selector, until, clock):
                chunk = os.read(key.fd, _CHUNK)
                buffer, kept = key.data
                buffer.extend(kept(chunk))
                if not chunk:
                    selector.unregister(key.fileobj)
            if len(output) > max_output:
                raise StalledError(f"git answered with more than {max_output} bytes", code="git.too_large")
            del messages[:-_KEPT_MESSAGES]
    return Finished(_exit_code(process, until, clock), bytes(output), messages.decode("utf-8", "replace"))


def _ready(selector: selectors.BaseSelector, until: float, clock: float) -> list[tuple[selectors.SelectorKey, int]]:
    remaining = until - time.monotonic()
    ready = selector.select(remaining) if remaining > 0 else []
    if not ready:
        raise timeout(clock)
    return ready


def _exit_code(process: subprocess.Popen[bytes], until: float, clock: float) -> int:
    """The exit code, without reaping: until then the process id is certainly ours."""
    descriptor = os.pidfd_open(process.pid)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            _ready(selector, until, clock)
    finally:
        os.close(descriptor)
    result = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert result
    return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status


def timeout(clock: float) -> TransientError:
    """What an operation raises that its wall clock ended."""
    return TransientError(f"git did not finish within {clock:g} s", code="git.timeout")
