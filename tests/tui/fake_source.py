"""A daemon made of Python lists: the same interface as the wire, and every mishap on demand."""

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.tui.fake_entity import FakeEntity
from tests.tui.fake_locations import FakeLocations
from tests.tui.fake_sql import FakeSql
from tui.layout_answers import LayoutAnswer
from tui.model.columns import ORPHAN, plain_value
from tui.model.finding_source import Facet, FacetValue, Suggestion, Suggestions
from tui.model.query_line import Term, directive, terms
from tui.model.source import (
    Change,
    EntityDetails,
    EntityPage,
    LocationItem,
    LostError,
    ProblemItem,
    ProblemPage,
    RefusedError,
    Row,
    Status,
)


@dataclass
class Thing:
    """One entity of the fake catalog."""

    name: str
    kind: str = "Component"
    owner: str = "group:team-a"
    type: str = "service"
    lifecycle: str = "production"
    system: str = "payments"
    updated: str = "2026-11-21T10:00:00Z"
    description: str = ""
    orphan: bool = False

    @property
    def ref(self) -> str:
        return f"{self.kind.lower()}:default/{self.name}"

    def value(self, name: str) -> str:
        """A field as facets count it."""
        return str(getattr(self, name.rpartition(".")[2], "")).removeprefix("group:")

    def cells(self, columns: Sequence[str]) -> tuple[str | None, ...]:
        fields = {**vars(self), ORPHAN: "true" if self.orphan else None}
        return tuple(fields.get(column) or None for column in columns)

    def document(self) -> dict[str, Any]:
        return {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": self.kind,
            "metadata": {"name": self.name, "namespace": "default", "description": self.description}
            | ({"annotations": {"backstage.io/orphan": "true"}} if self.orphan else {}),
            "spec": {"type": self.type, "lifecycle": self.lifecycle, "owner": self.owner, "system": self.system},
            "relations": [{"type": "ownedBy", "targetRef": self.owner}],
        }


@dataclass
class FakeSource(FakeLocations, FakeSql, FakeEntity):
    """Answers from `things`; `down` makes every call fail, `gate` holds answers to questions back until it is set."""

    things: list[Thing] = field(default_factory=list)
    problem_items: list[ProblemItem] = field(default_factory=list)
    layouts: dict[str, LayoutAnswer] = field(default_factory=dict)
    idle: bool = True
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    seq: int = 1
    history: list[Change] = field(default_factory=list)
    _events: "queue.Queue[Change | None]" = field(default_factory=queue.Queue)

    def entities(self, query: str, columns: Sequence[str], sort: str, offset: int, limit: int) -> EntityPage:
        self.asked.append((query, sort, offset))
        if query in self.gates:
            self.gates[query].wait(10)
        self._check()
        if "!" in query:
            raise RefusedError("unknown field", position=query.index("!"), hint="owner?")
        found = self._matching(query)
        for key in reversed([*directive(query, "group"), *(part for part in sort.split(",") if part)]):
            found = sorted(found, key=_by(key.lstrip("-")), reverse=key.startswith("-"))
        rows = tuple(Row(t.ref, t.cells(columns)) for t in found[offset : offset + limit])
        return EntityPage(tuple(columns), rows, offset, len(found), self.seq)

    def _matching(self, query: str, but: str = "") -> list[Thing]:
        """Words stand somewhere in the ref; `field:a,b` and `-field:a` compare whole values."""

        def fits(thing: Thing, term: Term) -> bool:
            if not term.field:
                return term.text.strip("()") in thing.ref
            if term.field == "ref":
                return thing.ref in term.values
            names = [value.lower().strip('"') for value in term.values]
            has = thing.value(term.field).lower() in names
            return has is not term.negated

        wanted = [term for term in terms(query) if not term.is_directive and (not but or term.field != but)]
        return [thing for thing in self.things if all(fits(thing, term) for term in wanted)]

    def facets(self, query: str, fields: Sequence[str], limit: int) -> tuple[Facet, ...]:
        self._check()
        self.counted.append(query)
        made = []
        for field_name in fields:
            counts = Counter(
                plain_value(field_name, thing.value(field_name)) for thing in self._matching(query, but=field_name)
            )
            values = [FacetValue(value, count) for value, count in counts.most_common() if value]
            made.append(Facet(field_name, tuple(values[:limit]), max(0, len(values) - limit)))
        return tuple(made)

    def groups(self, query: str) -> tuple[tuple[str | None, int], ...]:
        self._check()
        (name,) = directive(query, "group")
        return tuple(Counter(getattr(thing, name) or None for thing in self._matching(query)).items())

    def complete(self, query: str, at: int, limit: int) -> Suggestions:
        self._check()
        start = query.rfind(" ", 0, at) + 1
        name, colon, typed = query[start:at].partition(":")
        if name == "spec.":
            return Suggestions(start, at, (Suggestion("spec.tier:", count=2),))
        if not colon:
            names = ("kind", "owner", "type", "lifecycle")
            items = [Suggestion(f"{one}:", f"the {one}") for one in names if one.startswith(name)]
            return Suggestions(start, at, tuple(items))
        (facet,) = self.facets(query[:start], (name.lstrip("-"),), limit)
        found = [Suggestion(one.value, count=one.count) for one in facet.values if one.value.startswith(typed)]
        return Suggestions(start + len(name) + 1, at, tuple(found))

    def sql_of(self, query: str, facet: str = "") -> str:
        self._check()
        return f"select {facet or '*'} from entities -- {query}"

    def export(self, query: str, columns: Sequence[str], sort: str, path: str) -> str:
        self._check()
        if not path.endswith(".csv"):
            raise RefusedError("the name does not say the format", hint="known: csv")
        return f"{len(self._matching(query))} entities with {','.join(columns)} by {sort} written to {path}"

    def entity(self, ref: str) -> EntityDetails:
        self._check()
        for thing in self.things:
            if thing.ref == ref:
                problems = tuple(item for item in self.problem_items if item.ref == ref)
                return EntityDetails(
                    ref,
                    thing.document(),
                    "https://git.example/acme/pay.git",
                    "main",
                    "catalog-info.yaml",
                    7,
                    "4f2c1d9a0b",
                    updated=thing.updated,
                    location="1",
                    problems=problems,
                    blob=self.blob,
                    overlay={path: "mira" for of, path in self.overlay if of == ref},
                )
        raise RefusedError(f"there is no {ref}", code="not_found")

    def forget_orphan(self, ref: str) -> None:
        self._check()
        if not next(thing for thing in self.things if thing.ref == ref).orphan:
            raise RefusedError(f"{ref} is no orphan: a source has it")
        self.remove(ref.rpartition("/")[2])

    def layout(self, ref: str) -> LayoutAnswer:
        self._check()
        if ref not in self.layouts:
            raise RefusedError("there is no such path", code="no_such_path")
        return self.layouts[ref]

    def status(self) -> Status:
        self._check()
        counts = (len(self.things), len(self.location_items), len(self.problem_items))
        return Status("ready", self.idle, *counts, self.seq, poll_interval=self.poll_interval)

    def problems(self, limit: int) -> ProblemPage:
        self._check()
        return ProblemPage(tuple(self.problem_items[:limit]), len(self.problem_items))

    def locations(self) -> tuple[LocationItem, ...]:
        self._check()
        return tuple(self.location_items)

    def log(self, before: int, limit: int) -> tuple[Change, ...]:
        self._check()
        known = [change for change in reversed(self.history) if not before or change.seq < before]
        return tuple(known[:limit])

    def events(self, after: int) -> Iterator[Change]:
        self._check()
        while (change := self._events.get()) is not None:
            if change.seq > after:
                yield change
        raise LostError("the connection was cut")

    # -- what tests do to it

    def tell(
        self, *, added: tuple[str, ...] = (), updated: tuple[str, ...] = (), removed: tuple[str, ...] = ()
    ) -> None:
        """A change happened."""
        self.happen(Change(0, what="sync", actor="git", added=added, updated=updated, removed=removed))

    def happen(self, change: Change) -> None:
        """A row of the log."""
        self.seq += 1
        self.history.append(replace(change, seq=self.seq))
        self._events.put(self.history[-1])

    def change(self, name: str, **fields: Any) -> None:
        """Change one thing and tell."""
        for index, thing in enumerate(self.things):
            if thing.name == name:
                self.things[index] = replace(thing, **fields)
                self.tell(updated=(thing.ref,))

    def add(self, *names: str) -> None:
        """Add things and tell."""
        self.things += [Thing(name) for name in names]
        self.tell(added=tuple(Thing(name).ref for name in names))

    def remove(self, name: str) -> None:
        """Remove one thing and tell."""
        gone = [thing for thing in self.things if thing.name == name]
        self.things = [thing for thing in self.things if thing.name != name]
        self.tell(removed=tuple(thing.ref for thing in gone))

    def die(self) -> None:
        """No more answers."""
        self.down = True
        self._events.put(None)


def _by(key: str) -> Callable[[Thing], str]:
    return lambda thing: str(getattr(thing, key, "")).lower() or "\uffff"


def many(count: int) -> FakeSource:
    """A catalog of `count` components, `svc-00000` and so on."""
    return FakeSource([Thing(f"svc-{number:05d}") for number in range(count)])
