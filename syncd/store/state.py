"""`state.sqlite`: the data that git cannot give back, and the one log of everything that changed.

The connection is shared by all threads under one lock; a transaction is a few small rows. A commit is on disk when it
returns (WAL, `synchronous=FULL`: R34).
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syncd.model.change import PropertyChange
from syncd.model.json import Json, JsonObject
from syncd.model.location import Location
from syncd.model.retained import LastGood
from syncd.model.timestamp import timestamp
from syncd.store.migration import migrate
from syncd.store.state_file import SCRIPTS, STATE_VERSION, check_version, explain, reserve, version_in_header


@dataclass(frozen=True, slots=True)
class ChangedEntity:
    """One entity that a change touched; `what` is added, updated or removed."""

    ref: str
    what: str
    etag: str


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One row of the log with the entities that it touched."""

    seq: int
    at: str
    actor: str
    what: str
    target: str
    detail: JsonObject
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """The version of an entity that the log knows: its etag ("" when removed) and the time of its last change."""

    etag: str
    at: str


def now() -> str:
    """Wall time for display and for the log (R89), RFC 3339 with milliseconds."""
    return timestamp(datetime.now(UTC))


class State:
    """Owned data. Each public method is one durable transaction, or part of one opened with `transaction()`."""

    def __init__(self, path: Path | None) -> None:
        """Open or create; None keeps everything in memory, for a daemon that can only be read.

        Raises `StateDamagedError`, and `StateError` for a file that a newer version wrote: that one is not touched.
        """
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        fresh = path is None or not path.exists()
        if path is not None:
            if fresh:
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            version = version_in_header(path)
            check_version(path, version)
            if 0 < version < STATE_VERSION:
                migrate(path)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        try:
            self._prepare(fresh)
            if path is not None:
                reserve(path.with_name(path.name + "-wal"))
        except BaseException as error:
            self._db.close()
            explain(error, path)
            raise

    def _prepare(self, fresh: bool) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.execute("PRAGMA cache_size=-4096")
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        check_version(self.path, version)
        if version == 0:
            empty = fresh or not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if not empty:
                raise sqlite3.DatabaseError("it holds tables but no format version")
            script = "".join(file.read_text() for file in SCRIPTS.values())
            self._db.executescript(f"BEGIN;{script};PRAGMA user_version={STATE_VERSION};COMMIT;")
        verdict = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)

    def close(self) -> None:
        """Close the file; later calls raise."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are committed together, or not at all. May be nested; the outermost one commits.

        Raises `DiskFullError` and `StateDamagedError`; nothing inside is kept then.
        """
        with self._lock:
            outermost = self._depth == 0
            self._depth += 1
            try:
                if outermost:
                    self._db.execute("BEGIN IMMEDIATE")
                yield
                if outermost:
                    self._db.execute("COMMIT")
            except BaseException as error:
                if outermost and self._db.in_transaction:  # a full disk may have rolled back already
                    self._db.execute("ROLLBACK")
                if outermost:
                    explain(error, self.path)
                raise
            finally:
                self._depth -= 1

    # The log

    def log(
        self,
        actor: str,
        what: str,
        target: str,
        detail: Mapping[str, Json],
        entities: Iterable[ChangedEntity] = (),
        at: str = "",
        properties: Iterable[PropertyChange] = (),
    ) -> LoggedChange:
        """Append one change; the answer carries its sequence number."""
        at = at or now()
        with self.transaction():
            cursor = self._db.execute(
                "INSERT INTO changes (at, actor, what, target, detail) VALUES (?, ?, ?, ?, ?)",
                (at, actor, what, target, json.dumps(detail)),
            )
            seq = int(cursor.lastrowid or 0)
            touched = list(entities)
            self._db.executemany(
                "INSERT INTO changed_entities (ref, seq, what, etag) VALUES (?, ?, ?, ?)",
                [(entity.ref, seq, entity.what, entity.etag) for entity in touched],
            )
            self._db.executemany(
                "INSERT INTO changed_properties (ref, seq, path, effect, old, new) VALUES (?, ?, ?, ?, ?, ?)",
                [(p.ref, seq, p.path, p.effect, json.dumps(p.old), json.dumps(p.new)) for p in properties],
            )
        return LoggedChange(seq, at, actor, what, target, dict(detail), *_by_kind((e.what, e.ref) for e in touched))

    def count_on_from(self, seq: int) -> None:
        """Give the next row of the log a number above this one: who counts from an earlier life misses nothing."""
        with self.transaction():
            if seq > self.last_seq():
                self._db.execute("DELETE FROM sqlite_sequence WHERE name = 'changes'")
                self._db.execute("INSERT INTO sqlite_sequence VALUES ('changes', ?)", (seq,))

    def last_seq(self) -> int:
        """The newest sequence number, 0 for an empty log."""
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])

    def changes(self, since: int, until: int, limit: int) -> list[LoggedChange]:
        """Rows with `since < seq <= until`, oldest first, at most `limit`."""
        with self._lock:
            rows = self._db.execute(
                "SELECT seq, at, actor, what, target, detail FROM changes WHERE seq > ? AND seq <= ? "
                "ORDER BY seq LIMIT ?",
                (since, until, limit),
            ).fetchall()
            return [self._change(row) for row in rows]

    def _change(self, row: tuple[int, str, str, str, str, str]) -> LoggedChange:
        touched = self._db.execute(
            "SELECT what, ref FROM changed_entities WHERE seq = ? ORDER BY ref", (row[0],)
        ).fetchall()
        return LoggedChange(*row[:5], json.loads(row[5]), *_by_kind(touched))

    def known_versions(self, refs: Sequence[str]) -> dict[str, KnownVersion]:
        """What the log knows of these refs; a ref it never saw is left out."""
        with self._lock:
            rows = self._db.execute(
                "SELECT r.value, c.etag, (SELECT at FROM changes WHERE seq = c.seq) FROM json_each(?) r "
                "JOIN changed_entities c ON c.ref = r.value "
                "AND c.seq = (SELECT max(seq) FROM changed_entities WHERE ref = r.value)",
                (json.dumps(list(refs)),),
            ).fetchall()
        return {ref: KnownVersion(etag, at) for ref, etag, at in rows}

    def logged_refs(self) -> list[str]:
        """Every ref whose newest row in the log is not a removal."""
        with self._lock:
            rows = self._db.execute(
                "SELECT ref FROM changed_entities c WHERE what <> 'removed' "
                "AND seq = (SELECT max(seq) FROM changed_entities WHERE ref = c.ref)"
            ).fetchall()
        return [row[0] for row in rows]

    # Locations

    def has_location(self, location_id: str) -> bool:
        """Whether a location is registered."""
        return bool(self.read("SELECT 1 FROM locations WHERE id = ?", (location_id,)))

    def locations(self) -> list[Location]:
        """All registered locations in registration order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, type, target, ref, paths, priority, registered, configured, write_mode, "
                "named_after, paused, poll_interval "
                "FROM locations ORDER BY registered, id"
            ).fetchall()
        return [
            Location(
                *(id_, type_, target, ref, tuple(json.loads(paths)), priority, order, bool(configured), write, named),
                paused=bool(paused),
                poll_interval=poll,
            )
            for id_, type_, target, ref, paths, priority, order, configured, write, named, paused, poll in rows
        ]

    def next_order(self) -> int:
        """A place in the registration order behind all others."""
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(registered), 0) + 1 FROM locations").fetchone()[0])

    def put_location(self, location: Location) -> None:
        """Insert, or replace all but the place in the order."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO locations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "type = excluded.type, target = excluded.target, ref = excluded.ref, paths = excluded.paths, "
                "priority = excluded.priority, configured = excluded.configured, write_mode = excluded.write_mode, "
                "named_after = excluded.named_after, paused = excluded.paused, "
                "poll_interval = excluded.poll_interval",
                (
                    location.id,
                    location.type,
                    location.target,
                    location.ref,
                    json.dumps(list(location.paths)),
                    location.priority,
                    location.order,
                    int(location.configured),
                    location.write,
                    location.named_after,
                    int(location.paused),
                    location.poll_interval,
                ),
            )

    def drop_location(self, location_id: str) -> None:
        """Forget a location and the last good versions that it kept."""
        with self.transaction():
            self._db.execute("DELETE FROM locations WHERE id = ?", (location_id,))
            self._db.execute("DELETE FROM last_good WHERE location_id = ?", (location_id,))

    # Last good versions

    def last_good(self, location_id: str) -> list[LastGood]:
        """The versions kept for one location."""
        with self._lock:
            rows = self._db.execute(
                "SELECT repository, git_ref, path, entity_ref, why, commit_id, blob, url FROM last_good "
                "WHERE location_id = ? ORDER BY repository, git_ref, path, entity_ref",
                (location_id,),
            ).fetchall()
        return [LastGood(*row) for row in rows]

    def last_good_commits(self) -> dict[str, set[str]]:
        """The commits that hold last good versions, by repository, of all locations."""
        found: dict[str, set[str]] = {}
        for repository, commit in self.read("SELECT DISTINCT repository, commit_id FROM last_good"):
            found.setdefault(str(repository), set()).add(str(commit))
        return found

    def replace_last_good(self, location_id: str, kept: Iterable[LastGood]) -> None:
        """Make `kept` the versions that are kept for a location."""
        with self.transaction():
            self._db.execute("DELETE FROM last_good WHERE location_id = ?", (location_id,))
            self._db.executemany(
                "INSERT INTO last_good VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (location_id, k.repository, k.git_ref, k.path, k.entity_ref, k.why, k.commit, k.blob, k.url)
                    for k in kept
                ],
            )

    def drop_orphan(self, ref: str) -> None:
        """Keep an orphan no longer."""
        self.write("DELETE FROM last_good WHERE entity_ref = ? AND why = 'orphan'", (ref,))

    # Refs that a remote lost

    def missing_since(self, repository: str, revision: str) -> str | None:
        """Since when the remote lacks this ref; None when it has it as far as known."""
        with self._lock:
            row = self._db.execute(
                "SELECT since FROM missing_refs WHERE repository = ? AND revision = ?", (repository, revision)
            ).fetchone()
        return row[0] if row else None

    def mark_missing(self, repository: str, revision: str, missing: bool, at: str) -> None:
        """Remember that a ref is missing since `at`, unless it is for longer; or that it is back."""
        with self.transaction():
            if missing:
                self._db.execute("INSERT OR IGNORE INTO missing_refs VALUES (?, ?, ?)", (repository, revision, at))
            else:
                self._db.execute(
                    "DELETE FROM missing_refs WHERE repository = ? AND revision = ?", (repository, revision)
                )

    # Rows for other owned tables go through these

    def write(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """One statement in a transaction; the number of rows it touched."""
        with self.transaction():
            return self._db.execute(sql, parameters).rowcount

    def write_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """One statement for each row, in a transaction."""
        listed = list(rows)
        if listed:
            with self.transaction():
                self._db.executemany(sql, listed)

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """All rows of one query."""
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()


def _by_kind(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    kinds: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
    for what, ref in rows:
        kinds[what].append(ref)
    return tuple(sorted(kinds["added"])), tuple(sorted(kinds["updated"])), tuple(sorted(kinds["removed"]))
