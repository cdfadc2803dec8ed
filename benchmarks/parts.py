"""The parts of a rebuild measured alone: one thread, one after the other, nothing between them.

Fetching, reading and parsing are the project's own functions, called in a row. Loading takes the rows of a finished
index out of it as Python lists, and times how long an empty index takes to get them all.
"""

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from benchmarks.site import Site
from syncd.git import GitSettings, Mirror, Mirrors
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_documents
from syncd.model.location import DISCOVERY_PATTERNS
from syncd.model.pattern import Pattern
from syncd.store.index import Index

T = TypeVar("T")
MAX_BYTES = ParseLimits().file_bytes


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds of each part."""

    fetch: float
    read: float
    parse: float
    load: float

    @property
    def rebuild(self) -> float:
        """What a rebuild from existing mirrors cannot do without."""
        return self.read + self.parse + self.load

    @property
    def from_nothing(self) -> float:
        """The same with the first fetches."""
        return self.fetch + self.rebuild


def alone(site: Site) -> Parts:
    """Measure each part; `site` must have a finished index, and no daemon that holds it."""
    folder = site.root / "alone"
    shutil.rmtree(folder, ignore_errors=True)
    mirrors = Mirrors(folder / "mirrors", GitSettings(protocols=("file",)))
    try:
        opened = [mirrors.open(path.resolve().as_uri()) for path in site.repositories]
        fetch, _ = _timed(lambda: [mirror.fetch([""]) for mirror in opened])
        read, files = _timed(lambda: [content for mirror in opened for content in _contents(mirror)])
    finally:
        mirrors.close()
    limits = ParseLimits()
    parse, _ = _timed(lambda: [read_documents(content, "catalog-info.yaml", limits) for content in files])
    load, _ = _timed_load(site.state / "index.duckdb", folder / "loaded.duckdb")
    shutil.rmtree(folder)
    return Parts(fetch, read, parse, load)


def _contents(mirror: Mirror) -> Iterable[bytes]:
    patterns = [Pattern.parse(text) for text in DISCOVERY_PATTERNS]
    listing = mirror.list_files(mirror.heads([""])[""].commit, patterns)
    blobs = mirror.read_blobs([file.blob for file in listing.files], MAX_BYTES).values()
    return [content for content in blobs if isinstance(content, bytes)]


def _timed_load(source: Path, target: Path) -> tuple[float, None]:
    tables = _tables(source)
    index = Index.create(target)
    try:
        return _timed(lambda: _insert(index, tables))
    finally:
        index.close()


def _tables(source: Path) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
    """Column types and rows of every table of an index."""
    with duckdb.connect(str(source), read_only=True) as connection:
        names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'").fetchall()
        tables = {}
        for (name,) in names:
            types = [row[1] for row in connection.execute(f"DESCRIBE core.{name}").fetchall()]
            tables[name] = (types, connection.execute(f"SELECT * FROM core.{name}").fetchall())
        return tables


def _insert(index: Index, tables: dict[str, tuple[list[str], list[tuple[object, ...]]]]) -> None:
    with index.transaction() as transaction:
        for name, (types, rows) in tables.items():
            if not rows or name == "meta":
                continue
            columns = ", ".join(f"unnest(?::{type_}[])" for type_ in types)
            order = "ORDER BY 1, 2" if name == "search" else ""
            lists = [list(column) for column in zip(*rows, strict=True)]
            transaction.run(f"INSERT INTO core.{name} SELECT {columns} {order}", *lists)
    index.checkpoint()


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result
