"""Questions in SQL, in a daemon made of Python lists."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tui.model.source import RefusedError
from tui.model.sql_source import SqlResult, SqlView


@dataclass(kw_only=True)
class FakeSql:
    """`answers` by question; what is not in it is refused at the offset of the first `!`. `slow` holds all
    answers back, `held` those to its questions."""

    answers: dict[str, SqlResult] = field(default_factory=dict)
    views: tuple[SqlView, ...] = (SqlView("entities", (("ref", "VARCHAR"), ("kind", "VARCHAR"))), SqlView("apis", ()))
    slow: threading.Event | None = None
    held: dict[str, threading.Event] = field(default_factory=dict)
    exported: list[tuple[str, str]] = field(default_factory=list)

    def sql(self, question: str, limit: int) -> SqlResult:
        for gate in (self.slow, self.held.get(question)):
            if gate:
                gate.wait(10)
        if question not in self.answers:
            raise RefusedError("there is no [such] table", position=max(0, question.find("!")), hint="entities?")
        found = self.answers[question]
        return replace(found, rows=found.rows[:limit])

    def sql_counts(self, names: Sequence[str]) -> dict[str, int]:
        return {name: 1000 + number for number, name in enumerate(names)}

    def sql_views(self) -> tuple[SqlView, ...]:
        return self.views

    def export_sql(self, question: str, path: str) -> None:
        if not path.endswith(".csv"):
            raise RefusedError(f"the ending of {path} says no format", hint="csv")
        self.exported.append((question, path))
