"""A snapshot: a copy of the index that user SQL runs on, with the newest rows of the log of changes, and the
newest activity records, in it (R66).

The writer is held up for the copying of the file alone; where the disk can share blocks, that takes no time at all.
What is in the write-ahead log is copied with it and folded into the copy by whoever asked for it, so that no checkpoint
of the index itself is needed.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import orjson

from syncd.model.activity import LinkedRecord
from syncd.model.custom_property import CustomProperty
from syncd.store.index import Index, wal
from syncd.store.index_errors import explained
from syncd.store.state import LoggedChange, State
from syncd.store.statements import Statements

SNAPSHOT_MEMORY = "128MB"
NEWEST_CHANGES = 10_000
"""So many of the newest changes are in a snapshot, fewer where they touched more entities than the next bound."""
NEWEST_REFS = 100_000
_CHANGES_AT_ONCE = 200
_TEXT_AT_ONCE = 2 << 20
_FICLONE = 0x40049409
_PIECE = 1 << 26
_CHANGE_TYPES = "INTEGER VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR VARCHAR[] VARCHAR[] VARCHAR[]"
_ACTIVITY_TYPES = "VARCHAR VARCHAR VARCHAR VARCHAR BIGINT BIGINT VARCHAR[] VARCHAR"


def copy_index(index: Index, target: Path) -> None:
    """Copy the file as it is now, with its write-ahead log. Call while nothing is published. Raises OSError."""
    with index.still():  # a sweep would write what only the file that is copied already lacks
        _copy(index.descriptor, target)
        log = wal(index.path)
        if log.exists():
            source = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
            try:
                _copy(source, wal(target))
            finally:
                os.close(source)


def newest_changes(state: State, until: int) -> list[LoggedChange]:
    """The newest rows of the log up to a sequence number, newest first: bounded in rows and in entities."""
    found: list[LoggedChange] = []
    refs = 0
    oldest = max(0, until - NEWEST_CHANGES)
    while until > oldest:
        since = max(oldest, until - _CHANGES_AT_ONCE)
        for change in reversed(state.changes(since, until, _CHANGES_AT_ONCE)):
            refs += len(change.added) + len(change.updated) + len(change.removed)
            if refs > NEWEST_REFS and found:
                return found
            found.append(change)
        until = since
    return found


def complete_copy(
    path: Path,
    changes: Sequence[LoggedChange],
    overlay: Sequence[CustomProperty],
    activity: Sequence[LinkedRecord],
) -> None:
    """Fold the copied log into the copy, add the log of changes, the overlay and activity records, and leave one file
    that nobody writes any more."""
    with explained():
        connection = duckdb.connect(
            str(path),
            config={
                "threads": "1",
                "memory_limit": SNAPSHOT_MEMORY,
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": "",
            },
        )
        try:
            rows = [
                (c.seq, c.at, c.actor, c.what, c.target, _json(c), list(c.added), list(c.updated), list(c.removed))
                for c in changes
            ]
            Statements(connection).insert("core.changes", rows, _CHANGE_TYPES)
            records = [
                (r.ref, r.path, orjson.dumps(r.value).decode(), r.base, r.source, r.set_by, r.set_at) for r in overlay
            ]
            Statements(connection).insert("core.overlay", records, " ".join(["VARCHAR"] * 7))
            for part in _parts(activity):
                Statements(connection).insert("core.activity", part, _ACTIVITY_TYPES)
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
    path.chmod(0o400)


def _parts(activity: Sequence[LinkedRecord]) -> Iterator[list[tuple[object, ...]]]:
    """Rows of records that one statement may insert: the engine takes several times their size in its memory."""
    part: list[tuple[object, ...]] = []
    size = 0
    for one in activity:
        row = _activity_row(one)
        part.append(row)
        size += len(str(row[-1])) + sum(map(len, one.refs))
        if size > _TEXT_AT_ONCE:
            yield part
            part, size = [], 0
    yield part


def _activity_row(linked: LinkedRecord) -> tuple[object, ...]:
    one = linked.record
    named = (one.integration, one.schema, one.identifier, one.type)
    return (*named, one.timestamp, one.received, list(linked.refs), orjson.dumps(one.fields).decode())


def _json(change: LoggedChange) -> str:
    return orjson.dumps(change.detail).decode()


def _copy(source: int, target: Path) -> None:
    size = os.fstat(source).st_size
    copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.ioctl(copy, _FICLONE, source)
        except OSError:  # this disk cannot share blocks between files
            done = 0
            while done < size:
                moved = os.sendfile(copy, source, done, min(_PIECE, size - done))
                if not moved:
                    break
                done += moved
    finally:
        os.close(copy)
