"""The parser process: `python -m syncd.ingest.worker`, started and fed by `YamlWorker`.

It imports little more than yaml and json, since one of it lives as long as the daemon. It limits its own memory and
processor time, and it ends when its standard input closes.
"""

import json
import sys
from typing import Any

from syncd.ingest.limits import ParseLimits
from syncd.ingest.lines import lines_of, span_of
from syncd.ingest.reader import read_documents, read_value
from syncd.ingest.wire import document_row, problem_row
from syncd.model.problem import Problem
from syncd.workers.confinement import confine, processor_time
from syncd.workers.frames import READY, encode, read_frame, write_frame


def main() -> None:
    """Serve requests until standard input closes; the first frame holds the limits."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    opening = read_frame(requests)
    if opening is None:
        return
    limits = ParseLimits(**json.loads(opening))
    confine(limits.memory_bytes)
    write_frame(answers, READY)
    while (header := read_frame(requests)) is not None:
        request = json.loads(header)
        # All contents are taken in before the first answer, so that neither side waits for a full pipe.
        contents = [read_frame(requests) or b"" for _ in range(request["contents"])]
        for content in contents:
            with processor_time(limits.cpu_seconds):
                answer = encode(_carry_out(request, content, limits))
            write_frame(answers, answer)


def _carry_out(request: dict[str, Any], content: bytes, limits: ParseLimits) -> object:
    match request["do"]:
        case "read":
            return [document_row(document) for document in read_documents(content, "", limits)]
        case "value":
            value = read_value(content, "", request["kind"], limits)
            return {"problem": problem_row(value)} if isinstance(value, Problem) else {"value": value}
        case "lines":
            return lines_of(content, request["document"], [tuple(path) for path in request["paths"]], limits)
        case "patch":
            return _patched(request, content, limits)
        case "span":
            return span_of(content, request["document"], tuple(request["path"]), limits)
        case unknown:
            raise ValueError(f"unknown request {unknown!r}")


def _patched(request: dict[str, Any], content: bytes, limits: ParseLimits) -> object:
    from syncd.patch.wire import patch_answer  # what only edits need is imported with the first of them

    return patch_answer(request, content, limits)


if __name__ == "__main__":
    main()
