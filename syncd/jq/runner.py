"""jq programs, from the daemon's side: each in bounded time and memory, whatever it is (Port 17.4)."""

import dataclasses
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import orjson

from syncd.errors import UnavailableError
from syncd.model.json import Json, JsonObject
from syncd.workers.child import Child, ChildGoneError, ChildLateError, Program
from syncd.workers.frames import encode

LOG = logging.getLogger("syncd.jq")
_JQ: Final = Program("syncd.jq.worker", "jq", "jq")
_STOP_SECONDS: Final = 2.0
_REMEMBERED: Final = 1_000
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class JqLimits:
    """What one run may take; sizes are bytes, times are seconds."""

    cpu_seconds: float = 1.0
    """Processor time, the reading of the program included."""
    wall_seconds: float = 10.0
    """Time in all, for machines that are busy."""
    memory_bytes: int = 256 * MIB
    """Address space beyond what the process has when it starts."""
    output_bytes: int = MIB
    """All outputs together, as JSON."""
    rest_seconds: float = 60.0
    """How long a program that spent its time, or broke the process, is refused at once."""


@dataclass(frozen=True, slots=True)
class JqFault:
    """Why a program gave nothing, in words for its author."""

    message: str


class JqRunner:
    """The jq process: started when first needed, again after a crash; safe to call from several threads.

    A program that spends its time or breaks the process costs that once: for a while it fails at once, so that a list
    of a thousand entities does not take a thousand seconds. All calls raise `UnavailableError` when no process can be
    started, or after `close`.
    """

    def __init__(self, limits: JqLimits | None = None) -> None:
        self.limits = limits or JqLimits()
        self.starts = 0
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._closed = False
        self._resting: dict[str, tuple[float, JqFault]] = {}

    def first(self, program: str, value: Json) -> Json | JqFault:
        """The first output of a program; None where it has none."""
        found = self.outputs(program, value, 1)
        return found if isinstance(found, JqFault) else found[0] if found else None

    def outputs(self, program: str, value: Json, most: int) -> list[Json] | JqFault:
        """The outputs of a program, no more than `most`; the rest is not worked out."""
        with self._lock:
            rested = self._rested(program)
            return rested if rested is not None else self._run(program, value, most)

    def fault(self, program: str) -> str | None:
        """Why a text is no program; None where it is one. Nothing of it is run."""
        found = self.outputs(program, None, 0)
        return found.message if isinstance(found, JqFault) else None

    def fault_in_git(self, program: str) -> str | None:
        """The same of a program in a file, which is read once only: where no process can be had, no fault is found."""
        try:
            return self.fault(program)
        except UnavailableError as error:
            LOG.warning("a jq program is not looked at: %s", error)
            return None

    @property
    def pid(self) -> int | None:
        """Process id of the jq process, None while there is none."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the process; calls after this raise."""
        with self._lock:
            self._closed = True
            self._drop(_STOP_SECONDS)

    def __enter__(self) -> "JqRunner":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _run(self, program: str, value: Json, most: int) -> list[Json] | JqFault:
        for _ in range(2):  # a first crash may have come from outside: the kernel, short of memory
            with suppress(ChildGoneError):
                try:
                    answer = self._ask(program, value, most)
                except ChildLateError:
                    return self._rest(program, f"the program takes more than {self.limits.cpu_seconds:g} s")
                outputs = answer.get("outputs")
                return outputs if isinstance(outputs, list) else JqFault(str(answer.get("fault")))
        return self._rest(program, "the program broke the jq process")

    def _ask(self, program: str, value: Json, most: int) -> JsonObject:
        child = self._running()
        try:
            child.send([encode({"program": program, "most": most}), orjson.dumps(value)], self.limits.wall_seconds)
            answer: JsonObject = orjson.loads(child.receive(self.limits.wall_seconds))
        except orjson.JSONDecodeError:
            self._drop()
            raise ChildGoneError from None
        except (ChildGoneError, ChildLateError):
            self._drop()
            raise
        return answer

    def _running(self) -> Child:
        if self._closed:
            raise _JQ.unavailable("it is closed")
        if self._child is None:
            self._child = Child(_JQ, dataclasses.asdict(self.limits))
            self.starts += 1
        return self._child

    def _drop(self, seconds: float = 0.0) -> None:
        if self._child is not None:
            self._child.end(seconds)
            self._child = None

    def _rest(self, program: str, message: str) -> JqFault:
        fault = JqFault(message)
        if len(self._resting) >= _REMEMBERED:
            self._resting.clear()
        self._resting[program] = (time.monotonic() + self.limits.rest_seconds, fault)
        return fault

    def _rested(self, program: str) -> JqFault | None:
        until, fault = self._resting.get(program, (0.0, None))
        if fault is not None and time.monotonic() >= until:
            del self._resting[program]
            return None
        return fault
