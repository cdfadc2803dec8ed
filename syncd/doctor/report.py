"""What was found, for people or for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, Literal

from syncd.doctor.check import Check
from syncd.logs import harmless

HEAD = ("check", "result", "found")


def write_report(checks: Sequence[Check], form: Literal["table", "json"], stream: IO[str]) -> None:
    """A line a check, with the next step below it where there is one; or a JSON list."""
    if form == "json":
        stream.write(json.dumps([asdict(check) for check in checks], indent=2) + "\n")
        return
    rows = [HEAD, *((check.name, check.result, check.found) for check in checks)]
    names, results = (max(len(row[column]) for row in rows) for column in (0, 1))
    advices = ["", *(check.advice for check in checks)]
    for (name, result, found), advice in zip(rows, advices, strict=True):
        stream.write(f"{name:{names}}  {result:{results}}  {harmless(found)}\n")
        if advice:
            stream.write(f"{'':{names}}  {'':{results}}  → {harmless(advice)}\n")
