"""Parsing in a process of its own, so that no file can take the daemon down (R21)."""

import dataclasses
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from syncd.errors import UnavailableError
from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.lines import Span
from syncd.ingest.reader import Format
from syncd.ingest.wire import document_of, problem_of
from syncd.model.document import Document
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.problem import Problem
from syncd.workers.child import Child, ChildGoneError, ChildLateError, Program
from syncd.workers.frames import encode

_BATCH_FILES = 200
_BATCH_BYTES = 8 * 1024 * 1024
_STOP_SECONDS = 2.0
_INTERNAL = "parse.internal"
_PARSER = Program("syncd.ingest.worker", "yaml", "parser")


@dataclass(slots=True)
class WorkerCounters:
    """What happened so far. `internal` counts exceptions of the parser that nobody expected (R27): it stays 0."""

    starts: int = 0
    crashes: int = 0
    timeouts: int = 0
    internal: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    """Documents that could not be read, by the code of the error."""


class YamlWorker:
    """The parser process: started when first needed, again after a crash; safe to call from several threads.

    A file at which the process crashes twice, or spends its time, has the problem `parse.crashed` or `parse.timeout`
    and costs no other file. All calls raise `UnavailableError` when no process can be started, or after `close`.
    """

    def __init__(self, limits: ParseLimits | None = None) -> None:
        self.limits = limits or ParseLimits()
        self.counters = WorkerCounters()
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._closed = False

    def read(self, files: Sequence[tuple[str, bytes]]) -> list[list[Document]]:
        """The documents of each file (path, content), as `read_documents` gives them."""
        answers = self._ask({"do": "read"}, [content for _, content in files])
        return [self._documents(answer, path) for (path, _), answer in zip(files, answers, strict=True)]

    def values(self, content: bytes, kind: Format = "yaml", path: str = "") -> "Json | Problem":
        """What a `$yaml` or `$json` placeholder stands for, as `read_value` gives it."""
        (answer,) = self._ask({"do": "value", "kind": kind}, [content])
        if isinstance(answer, ParseError):
            return answer.problem(path)
        if "problem" in answer:
            return self._counted(problem_of(answer["problem"], path))
        value: Json = answer["value"]
        return value

    def lines_of(self, content: bytes, document_index: int, field_paths: Sequence[FieldPath]) -> list[int]:
        """Lines of fields, as `lines.lines_of` gives them; 0 where the file cannot be read."""
        request = {"do": "lines", "document": document_index, "paths": [list(path) for path in field_paths]}
        (answer,) = self._ask(request, [content])
        return [0] * len(field_paths) if isinstance(answer, ParseError) else list(answer)

    def patch(self, content: bytes, wanted: JsonObject) -> "JsonObject | ParseError":
        """The answer of the process to a request of `syncd.patch.wire`, or the failure of the process at it."""
        (answer,) = self._ask({"do": "patch", **wanted}, [content])
        if isinstance(answer, ParseError):
            return answer
        patched: JsonObject = answer
        return patched

    def span_of(self, content: bytes, document_index: int, field_path: FieldPath) -> Span | None:
        """The lines that a field takes, as `lines.span_of` gives them; None where the file cannot be read."""
        (answer,) = self._ask({"do": "span", "document": document_index, "path": list(field_path)}, [content])
        return None if answer is None or isinstance(answer, ParseError) else (int(answer[0]), int(answer[1]))

    @property
    def pid(self) -> int | None:
        """Process id of the parser process, None while there is none."""
        child = self._child
        return child.pid if child else None

    def close(self) -> None:
        """End the process; calls after this raise."""
        with self._lock:
            self._closed = True
            self._drop(_STOP_SECONDS)

    def __enter__(self) -> "YamlWorker":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _documents(self, answer: Any, path: str) -> list[Document]:
        if isinstance(answer, ParseError):
            return [Document(0, 1, "bad", problem=self._counted(answer.problem(path)))]
        documents = [document_of(index, row, path) for index, row in enumerate(answer)]
        for document in documents:
            if document.problem is not None:
                self._counted(document.problem)
        return documents

    def _counted(self, problem: Problem) -> Problem:
        self.counters.problems[problem.code] += 1
        if problem.code == _INTERNAL:
            self.counters.internal += 1
        return problem

    def _ask(self, request: dict[str, object], contents: Sequence[bytes]) -> list[Any]:
        """An answer for each content: JSON, or the failure of the process at it."""
        answers: list[Any] = []
        for batch in self._batches(contents):
            with self._lock:
                answers += self._ask_batch(request, batch)
        return answers

    def _batches(self, contents: Sequence[bytes]) -> Iterator[list[bytes]]:
        batch: list[bytes] = []
        size = 0
        for content in contents:
            if batch and (len(batch) >= _BATCH_FILES or size + len(content) > _BATCH_BYTES):
                yield batch
                batch, size = [], 0
            # One byte too many is enough for the process to see that the file is too large.
            batch.append(content[: self.limits.file_bytes + 1])
            size += len(batch[-1])
        if batch:
            yield batch

    def _ask_batch(self, request: dict[str, object], batch: list[bytes]) -> list[Any]:
        answers: list[Any] = []
        suspect = -1
        while len(answers) < len(batch):
            try:
                for answer in self._converse(request, batch[len(answers) :]):
                    answers.append(answer)
            except ChildLateError:
                self.counters.timeouts += 1
                self._drop()
                answers.append(_timeout(self.limits))
            except ChildGoneError:
                self.counters.crashes += 1
                self._drop()
                # A first crash may have come from outside (the kernel, short of memory): the file gets another try.
                if suspect == len(answers):
                    answers.append(ParseError("crashed", "the parser process crashed at this file"))
                else:
                    suspect = len(answers)
        return answers

    def _converse(self, request: dict[str, object], batch: list[bytes]) -> Iterator[Any]:
        child = self._running()
        child.send([encode({**request, "contents": len(batch)}), *batch], self.limits.wall_seconds)
        for _ in batch:
            try:
                yield orjson.loads(child.receive(self.limits.wall_seconds))
            except orjson.JSONDecodeError:
                raise ChildGoneError from None

    def _running(self) -> Child:
        if self._closed:
            raise UnavailableError("the parser is closed", code="parser_unavailable")
        if self._child is None:
            self._child = Child(_PARSER, dataclasses.asdict(self.limits))
            self.counters.starts += 1
        return self._child

    def _drop(self, seconds: float = 0.0) -> None:
        if self._child is not None:
            self._child.end(seconds)
            self._child = None


def _timeout(limits: ParseLimits) -> ParseError:
    return ParseError(
        "timeout",
        f"parsing took more than {limits.cpu_seconds:g} s of processor time (limit cpu_seconds) "
        f"or {limits.wall_seconds:g} s in all (limit wall_seconds)",
    )
