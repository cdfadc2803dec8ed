"""A catalog in this process: the real daemon without HTTP, on real repositories, driven step by step."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from query.ast import Everything
from query.dialects.filter import parse_filter
from query.question import Question
from syncd.config import parse_settings
from syncd.daemon import Daemon
from syncd.locations import LocationExistsError
from syncd.model.location import Location
from syncd.service import Service
from syncd.statedir import StateDir
from syncd.store.reports import StoredProblem

PATIENCE = 30.0
"""Seconds after which a test gives up waiting."""


class CatalogHarness:
    """One state directory and its daemon; `sync` returns when nothing is left to do."""

    def __init__(self, root: Path, configuration: str = "", *, poll: str = "1h", watch: bool = False) -> None:
        """`configuration` is TOML; `[git]` is written here unless it holds one."""
        git = f'[git]\nprotocols = ["https", "file"]\npoll_interval = "{poll}"\nwatch = {str(watch).lower()}\n'
        text = configuration if "[git]" in configuration else git + configuration
        self.root = root
        self.settings = parse_settings(text, "test configuration")
        self._dir = StateDir(root)
        self.start()

    def start(self) -> None:
        """Open the data and wait for the first looks."""
        ours = dict(os.environ)
        self.daemon = Daemon(self._dir.open(), self.settings)
        os.environ.clear()  # a daemon makes the environment of its process its own; this one is the tests'
        os.environ.update(ours)
        self.daemon.start()
        self.settle()

    def stop(self) -> None:
        """End the daemon in order."""
        self.daemon.stop()
        self._dir.close()

    def restart(self) -> None:
        """Stop and start again on the same state."""
        self.stop()
        self.start()

    def rebuild(self) -> None:
        """Stop, throw the index away, start again."""
        self.stop()
        self._dir.index.unlink()
        self.start()

    @property
    def service(self) -> Service:
        """What an API would ask."""
        return self.daemon.service

    def settle(self) -> None:
        """Wait until the daemon is idle."""
        deadline = time.monotonic() + PATIENCE
        subscription = self.service.subscribe()
        while not self.service.standing.status().idle:
            if self.daemon.failed is not None:
                raise self.daemon.failed
            assert time.monotonic() < deadline, self.service.standing.status()
            subscription.get(0.01)
        subscription.close()

    def sync(self) -> None:
        """Look at every repository, and at what that leads to."""
        assert self.service.wait(self.service.refresh(None), PATIENCE)
        self.settle()

    def add(
        self, target: str, type_: str = "git", *, ref: str = "", paths: Sequence[str] = (), priority: int = 0
    ) -> Location:
        """Register as the owner of the socket, and sync."""
        location = self.service.add_location(
            "git" if type_ == "git" else "url",
            target,
            ref=ref,
            paths=paths,
            priority=priority,
            actor="test",
            owner=True,
        )
        self.settle()
        return location

    def entity(self, ref: str) -> dict[str, Any]:
        """The entity as readers get it; KeyError where there is none."""
        document = self.service.catalog.by_ref(ref)
        if document is None:
            raise KeyError(ref)
        entity: dict[str, Any] = orjson.loads(document)
        return entity

    def refs(self, *filters: str) -> list[str]:
        """Refs that Backstage's filter means, sorted; without the generated Location entities."""
        where = parse_filter(filters) if filters else Everything()
        page = self.service.catalog.ask(Question(where, tie="ref"))
        return [row.ref for row in page.rows if not row.ref.startswith("location:default/generated-")]

    def problems(self) -> list[StoredProblem]:
        """Everything that is wrong."""
        return list(self.service.catalog.problems(limit=10_000).items)

    def outcomes(self) -> dict[str, int]:
        """How many documents ended how."""
        found: dict[str, int] = {}
        for source in self.service.catalog.sources():
            for document in source.documents:
                found[document.outcome] = found.get(document.outcome, 0) + 1
        return found

    def __enter__(self) -> "CatalogHarness":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


__all__ = ["CatalogHarness", "LocationExistsError"]
