"""`catalog layout check`: what is wrong with layouts, and what in them nobody knows, before anything is committed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import orjson

from syncd.config import Settings
from syncd.ingest.yaml_worker import YamlWorker
from syncd.layouts import remarks
from syncd.model.json import JsonObject
from syncd.model.reading import Reading
from syncd.process.layout import page_of
from syncd.told import parse_limits
from syncd.validate import findings_of, read_path, shown_path


def check_layouts(paths: Sequence[Path], settings: Settings, out: TextIO) -> int:
    """Check files; write problems and warnings as `path:line: message`.

    The answer is an exit code: 1 where there is a problem, or no layout. InputError for a path that is not there.
    """
    problems: list[str] = []
    warnings: list[str] = []
    said: dict[str, str] = {}
    good = 0
    with YamlWorker(parse_limits(settings)) as worker:
        for path in paths:
            reading, root = read_path(path, settings, worker)
            problems.extend(findings_of(reading, root, said))
            for place, layout in _layouts(reading, root):
                spec = layout["spec"]
                assert isinstance(spec, dict)
                good += 1
                warnings.extend(f"{place}: warning: {remark}" for remark in remarks(page_of(spec)))
    for line in (*problems, *warnings):
        out.write(line + "\n")
    counted = [_counted(good, "layout"), _counted(len(problems), "problem"), _counted(len(warnings), "warning")]
    out.write(", ".join(counted) + "\n")
    return 1 if problems or not good else 0


def _layouts(reading: Reading, root: Path) -> Iterator[tuple[str, JsonObject]]:
    for file in reading.files:
        for document in file.documents:
            if document.outcome == "entity" and document.entity and document.ref.startswith("layout:"):
                yield f"{shown_path(root, file.source.path)}:{document.line}", orjson.loads(document.entity)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
