"""The parser process: `python -m syncd.ingest.worker`, started and fed by `YamlWorker`.

It imports little more than yaml and json, since one of it lives as long as the daemon. It limits itself: memory by
the address space, processor time by a timer whose signal kills it, and it ends when its standard input closes.
"""

import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from syncd.ingest.limits import ParseLimits
from syncd.ingest.lines import lines_of
from syncd.ingest.reader import read_documents, read_value
from syncd.ingest.wire import document_row, encode, frame, problem_row, read_frame
from syncd.model.problem import Problem

READY = b"ready"


def main() -> None:
    """Serve requests until standard input closes; the first frame holds the limits."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    opening = read_frame(requests)
    if opening is None:
        return
    limits = ParseLimits(**json.loads(opening))
    confine(limits.memory_bytes)
    _answer(answers, READY)
    while (header := read_frame(requests)) is not None:
        request = json.loads(header)
        # All contents are taken in before the first answer, so that neither side waits for a full pipe.
        contents = [read_frame(requests) or b"" for _ in range(request["contents"])]
        for content in contents:
            signal.setitimer(signal.ITIMER_VIRTUAL, limits.cpu_seconds)
            answer = encode(_carry_out(request, content, limits))
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            _answer(answers, answer)


def confine(memory_bytes: int) -> None:
    """No core dumps, no answer to Ctrl-C (the daemon decides), and so much address space beyond what is in use."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes, used + memory_bytes))


def _answer(stream: BinaryIO, body: bytes) -> None:
    stream.write(frame(body))
    stream.flush()


def _carry_out(request: dict[str, Any], content: bytes, limits: ParseLimits) -> object:
    match request["do"]:
        case "read":
            return [document_row(document) for document in read_documents(content, "", limits)]
        case "value":
            value = read_value(content, "", request["kind"], limits)
            return {"problem": problem_row(value)} if isinstance(value, Problem) else {"value": value}
        case "lines":
            return lines_of(content, request["document"], [tuple(path) for path in request["paths"]], limits)
        case unknown:
            raise ValueError(f"unknown request {unknown!r}")


if __name__ == "__main__":
    main()
