"""The worker process: import the engine, open one snapshot, raise the walls, then answer questions until told to end.

Frames come on standard input, answers go to standard output (`wire`). The first frame says what to open. A second
thread takes the frames, so that an interrupt is heard while the engine works; the process ends with its standard input.
"""

import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

import duckdb

from syncd.sql_worker.engine import Columns, Run, open_engine
from syncd.sql_worker.failure import QuestionError
from syncd.sql_worker.rows import Rows
from syncd.sql_worker.walls import WallError, raise_walls
from syncd.sql_worker.wire import (
    ASK,
    COLUMNS,
    DATA,
    END,
    FAILURE,
    HEAD,
    INTERRUPT,
    PIECE,
    READY,
    ROWS,
    frame,
    read_frame,
)

ENGINE_SHARE = 2
"""The engine gets this part of the memory for its buffers; what it takes beside them is bounded by the rest."""


class Answers:
    """The pipe to the daemon. Small pieces are gathered; a full pipe holds the engine up (back-pressure)."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = bytearray()
        self._lock = threading.Lock()

    def send(self, kind: bytes, content: bytes = b"") -> None:
        """A frame, after the data that is held."""
        with self._lock:
            self._flush()
            self._stream.write(frame(kind, content))
            self._stream.flush()

    def say(self, kind: bytes, content: object) -> None:
        """A frame of JSON."""
        self.send(kind, json.dumps(content).encode())

    def data(self, content: bytes) -> None:
        """A part of the result."""
        with self._lock:
            self._held += content
            if len(self._held) >= PIECE:
                self._flush()

    def _flush(self) -> None:
        for start in range(0, len(self._held), PIECE):
            piece = bytes(self._held[start : start + PIECE])
            self._stream.write(HEAD.pack(DATA, len(piece)) + piece)
        self._held.clear()


class Worker:
    """One process; questions come one after the other."""

    def __init__(self, requests: BinaryIO, answers: Answers) -> None:
        self._requests = requests
        self._answers = answers
        self._waiting: queue.SimpleQueue[tuple[bytes, bytes]] = queue.SimpleQueue()
        self._run: Run | None = None
        self._drained: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._pipe = -1

    def serve(self) -> None:
        """Until standard input closes."""
        opening = read_frame(self._requests)
        if opening is None:
            return
        wanted = json.loads(opening[1])
        os.chdir(wanted["folder"])
        reading = -1
        if wanted["export"]:
            reading, self._pipe = os.pipe()
        memory = wanted["memory"]
        connection = open_engine(wanted["snapshot"], memory // ENGINE_SHARE, self._pipe_path)

        def start_threads() -> None:
            threading.Thread(target=self._listen, name="requests", daemon=True).start()
            if reading >= 0:
                threading.Thread(target=self._drain, args=(reading,), name="pipe", daemon=True).start()

        try:
            active = raise_walls(memory, start_threads)
        except WallError as error:
            self._answers.say(FAILURE, {"code": "sql.unconfined", "message": str(error)})
            return
        self._answers.say(READY, active)
        while True:
            kind, content = self._waiting.get()
            if kind == ASK:
                self._ask(connection, json.loads(content))
            elif kind == ROWS:
                self._pack(connection, json.loads(content))

    @property
    def _pipe_path(self) -> str:
        return f"/proc/self/fd/{self._pipe}" if self._pipe >= 0 else ""

    def _listen(self) -> None:
        while (found := read_frame(self._requests)) is not None:
            if found[0] == INTERRUPT:
                run = self._run
                if run is not None:
                    run.interrupt()
            else:
                self._waiting.put(found)
        os._exit(0)  # the daemon is gone, or wants no more

    def _drain(self, reading: int) -> None:
        """Pass on what the engine writes into its pipe."""
        total = 0
        while piece := os.read(reading, PIECE):
            total += len(piece)
            self._answers.data(piece)
        self._drained.put(total)

    def _finished_pipe(self) -> int:
        os.close(self._pipe)
        return self._drained.get()

    def _ask(self, connection: duckdb.DuckDBPyConnection, question: dict[str, Any]) -> None:
        run = self._run = Run(connection, question)

        def answered() -> dict[str, Any]:
            if question["format"] != "parquet":
                return run.answer(self._columns, self._answers.data)
            end = run.export(self._columns, self._pipe_path)
            return end | {"bytes": self._finished_pipe()}

        self._told(answered, question["sql"])
        self._run = None

    def _pack(self, connection: duckdb.DuckDBPyConnection, wanted: dict[str, Any]) -> None:
        """Rows that the daemon sends become Parquet; a frame without content ends them."""
        rows = Rows(connection, wanted["columns"])

        def packed() -> dict[str, Any]:
            while content := self._waiting.get()[1]:
                rows.add(content.decode())
            end = rows.write(self._pipe_path)
            return end | {"bytes": self._finished_pipe()}

        self._told(packed, "")

    def _told(self, answered: Callable[[], dict[str, Any]], text: str) -> None:
        try:
            self._answers.say(END, answered())
        except QuestionError as error:
            self._answers.say(FAILURE, error.content(text))
        except MemoryError:
            self._answers.say(
                FAILURE, QuestionError("sql.memory", "the answer needs more memory than there is").content(text)
            )

    def _columns(self, columns: Columns) -> None:
        self._answers.say(COLUMNS, [{"name": name, "type": kind} for name, kind in columns])


def main() -> None:
    """Tell that the engine is loaded, then serve."""
    answers = Answers(sys.stdout.buffer)
    answers.send(READY)
    Worker(sys.stdin.buffer, answers).serve()
    sys.stdout.flush()
    os._exit(0)  # the engine's module complains about its own leftovers when the interpreter takes it down


if __name__ == "__main__":
    main()
