"""Reads git objects through `cat-file`: one process answers many questions (R14)."""

import os
import select
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from syncd.errors import LimitError
from syncd.git.runner import Runner, timeout
from syncd.model.problem import Problem

_BATCH: Final = 400
"""Questions sent before answers are read: they must fit into a pipe, or both sides would wait for each other."""

_KEPT: Final = 2_000
"""Entries of trees that an idle reader remembers at most: some hundred kilobytes."""


class ObjectError(Exception):
    """An object that should be there is missing or damaged; `name` is what was asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"object {name} cannot be read")
        self.name = name


TreeLine: TypeAlias = tuple[bytes, bytes, bytes]
"""Mode, name and raw id of one entry of a tree."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """`id` in hex, `type` as git calls it, `size` in bytes."""

    id: str
    type: str
    size: int


class ObjectReader:
    """One `cat-file --batch-command` process on one mirror, used by one thread at a time."""

    def __init__(self, process: subprocess.Popen[bytes], clock: float) -> None:
        assert process.stdin
        assert process.stdout
        self.process = process
        self._stdin, self._stdout = process.stdin.fileno(), process.stdout.fileno()
        self._clock = clock
        self._until = 0.0
        self._buffer = bytearray()
        self._poll = select.poll()
        self._poll.register(self._stdout, select.POLLIN)
        self.trees: dict[str, list[TreeLine]] = {}
        """Trees that were read lately, by id: whoever asks a mirror asks for the same ones again."""
        self.roots: dict[str, str] = {}
        """The trees of commits."""

    def infos(self, names: Sequence[str]) -> Iterator[ObjectInfo | None]:
        """Type and size of each name, in order; None for what is not there."""
        for batch in _batches(names):
            self._ask("info", batch)
            for name in batch:
                yield self._header(name)

    def contents(self, ids: Sequence[str], max_bytes: int) -> Iterator[bytes]:
        """The bytes of each object, in order. Raises `LimitError` before an object over `max_bytes` is taken."""
        for batch in _batches(ids):
            self._ask("contents", batch)
            for name in batch:
                info = self._header(name)
                if info is None:
                    raise ObjectError(name)
                if info.size > max_bytes:
                    raise LimitError(f"object {name} has more than {max_bytes} bytes", code="git.object_too_large")
                yield self._take(info.size + 1, name)[:-1]

    def blobs(self, ids: Sequence[str], max_bytes: int) -> dict[str, bytes | Problem]:
        """The content of each blob, or the problem file.too_large where it has more than `max_bytes` (R14)."""
        result: dict[str, bytes | Problem] = {}
        small: list[str] = []
        for blob, info in zip(ids, self.infos(ids), strict=True):
            if info is None:
                raise ObjectError(blob)
            if info.size > max_bytes:
                message = f"the file has {info.size} bytes, more than the limit of {max_bytes}"
                result[blob] = Problem("file.too_large", message, hint="split it into several files")
            else:
                small.append(blob)
        result.update(zip(small, self.contents(small, max_bytes), strict=True))
        return result

    def trim(self) -> None:
        """Forget what was read where it is much."""
        if sum(map(len, self.trees.values())) + len(self.roots) > _KEPT:
            self.trees.clear()
            self.roots.clear()

    def _ask(self, verb: str, names: Sequence[str]) -> None:
        lines = "".join(f"{verb} {name}\n" for name in names)
        try:
            _write_all(self._stdin, f"{lines}flush\n".encode())
        except OSError as reason:
            raise ObjectError(names[0]) from reason
        self._until = time.monotonic() + self._clock

    def _header(self, name: str) -> ObjectInfo | None:
        while (end := self._buffer.find(b"\n")) == -1:
            self._fill(name)
        words = self._buffer[:end].decode("ascii", "replace").split(" ")
        del self._buffer[: end + 1]
        return ObjectInfo(words[0], words[1], int(words[2])) if len(words) == 3 else None

    def _take(self, size: int, name: str) -> bytes:
        while len(self._buffer) < size:
            self._fill(name)
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _fill(self, name: str) -> None:
        remaining = self._until - time.monotonic()
        if remaining <= 0 or not self._poll.poll(remaining * 1000):
            raise timeout(self._clock)
        chunk = os.read(self._stdout, 1 << 20)
        if not chunk:
            raise ObjectError(name)
        self._buffer += chunk


class ReaderPool:
    """Keeps a few readers of the mirrors asked last; thread-safe."""

    def __init__(self, runner: Runner, size: int) -> None:
        self._runner = runner
        self._size = size
        self._lock = threading.Lock()
        self._idle: OrderedDict[int, tuple[Path, ObjectReader]] = OrderedDict()

    @contextmanager
    def reader(self, git_dir: Path) -> Iterator[ObjectReader]:
        """A reader for the length of the block; one that failed in it is not used again."""
        reader = self._take(git_dir) or self._start(git_dir)
        try:
            yield reader
        except BaseException:
            self._runner.hang_up(reader.process)
            raise
        self._give_back(git_dir, reader)

    def lists(self, git_dir: Path, name: str) -> bool:
        """Whether git lists an object of a mirror, be it readable or not."""
        try:
            with self.reader(git_dir) as reader:
                return next(reader.infos([name])) is not None
        except ObjectError:
            return True

    def forget(self, git_dir: Path) -> None:
        """End the idle readers of a mirror that is about to be replaced or removed."""
        while reader := self._take(git_dir):
            self._runner.hang_up(reader.process)

    def close(self) -> None:
        """End all idle readers."""
        with self._lock:
            idle = [reader for _, reader in self._idle.values()]
            self._idle.clear()
        for reader in idle:
            self._runner.hang_up(reader.process)

    def _start(self, git_dir: Path) -> ObjectReader:
        process = self._runner.converse(["cat-file", "--batch-command", "--buffer"], git_dir)
        return ObjectReader(process, self._runner.settings.read_clock)

    def _take(self, git_dir: Path) -> ObjectReader | None:
        with self._lock:
            key = next((key for key, (path, _) in self._idle.items() if path == git_dir), None)
            return None if key is None else self._idle.pop(key)[1]

    def _give_back(self, git_dir: Path, reader: ObjectReader) -> None:
        reader.trim()
        with self._lock:
            self._idle[reader.process.pid] = (git_dir, reader)
            oldest = self._idle.popitem(last=False)[1][1] if len(self._idle) > self._size else None
        if oldest:
            self._runner.hang_up(oldest.process)


def parents_of(commit: bytes) -> list[str]:
    """The ids of a commit's parents."""
    header = commit.partition(b"\n\n")[0].decode("utf-8", "replace")
    return [line.removeprefix("parent ") for line in header.splitlines() if line.startswith("parent ")]


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _BATCH):
        yield names[start : start + _BATCH]


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
