"""The jq process: `python -m syncd.jq.worker`, started and fed by `JqRunner`.

A request is one frame `{program, most}` and one with the value as JSON; the answer is one frame, `{"outputs": […]}` or
`{"fault": …}`. It limits its own memory and processor time, and ends when its standard input closes.
"""

import json
import sys
from functools import lru_cache
from itertools import islice
from typing import Any

import jq

from syncd.jq.program import PRELUDE, compile_fault, runtime_fault
from syncd.workers.confinement import confine, processor_time
from syncd.workers.frames import READY, encode, read_frame, write_frame


def main() -> None:
    """Serve requests until standard input closes; the first frame holds the limits."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    opening = read_frame(requests)
    if opening is None:
        return
    limits = json.loads(opening)
    confine(limits["memory_bytes"])
    write_frame(answers, READY)
    while (header := read_frame(requests)) is not None:
        value = read_frame(requests) or b"null"
        request = json.loads(header)
        with processor_time(limits["cpu_seconds"]):
            answer = _answer(request, value.decode(), limits["output_bytes"])
        write_frame(answers, answer)


def _answer(request: dict[str, Any], value: str, most_bytes: int) -> bytes:
    try:
        answer = encode(_run(request, value))
    except ValueError as error:  # an output that is no JSON
        return encode({"fault": runtime_fault(str(error))})
    except (MemoryError, RecursionError):
        return encode({"fault": "the program needs too much memory"})
    return answer if len(answer) <= most_bytes else encode({"fault": f"the result has over {most_bytes:,} bytes"})


def _run(request: dict[str, Any], value: str) -> dict[str, object]:
    try:
        program = _compiled(request["program"])
    except ValueError as error:
        return {"fault": compile_fault(str(error))}
    if request["most"] == 0:
        return {"outputs": []}
    try:
        return {"outputs": [*islice(program.input_text(value), request["most"])]}
    except (ValueError, StopIteration) as error:
        return {"fault": runtime_fault(str(error))}


@lru_cache(maxsize=256)
def _compiled(text: str) -> Any:
    return jq.compile(PRELUDE + text)


if __name__ == "__main__":
    main()
