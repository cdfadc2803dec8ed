"""The questions that people and portals ask most, through HTTP: one at a time, and by eight clients at once."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks import push
from benchmarks.daemon import Api, Daemon
from benchmarks.figures import Figure, median
from benchmarks.generate import Size, kind_of, name_of
from benchmarks.load import get, post, under_load
from benchmarks.site import Site

BY_QUERY = "/api/catalog/entities/by-query?"
FACETS = "/api/catalog/entity-facets?"
CLIENTS = 8
SECONDS = 3.0
DIFFERENT = 40
"""So many different requests of one kind: what a portal's users ask is not always the same."""


@dataclass(frozen=True, slots=True)
class Question:
    """Requests of one kind, and the targets of DESIGN section 8 by the number of entities: milliseconds for one client
    at the median, answers a second for eight."""

    name: str
    requests: Sequence[str]
    alone: dict[int, float]
    together: dict[int, float]


def measure(site: Site, daemon: Daemon) -> Iterator[Figure]:
    """Every question alone and together, the whole catalog by cursor, and pushes while others read."""
    size = site.size
    for question in questions(size):
        alone = under_load(daemon.host, daemon.port, question.requests, 1, SECONDS / 2)
        yield Figure(
            f"{question.name}, p50", alone.p50, "ms", question.alone.get(size.entities), f"p99 {alone.p99:.1f} ms"
        )
        rate = under_load(daemon.host, daemon.port, question.requests, CLIENTS, SECONDS)
        least = question.together.get(size.entities)
        note = f"p50 {rate.p50:.1f} ms, p99 {rate.p99:.1f} ms"
        yield Figure(f"  {CLIENTS} clients", rate.per_second, "/s", note=note, least=least)
    first, *others = [_walk(daemon.api) for _ in range(4)]
    note = f"read as JSON; the first time {first:.2f} s"
    yield Figure("whole catalog by cursor, 500 a page", median(others), "s", {10_000: 0.4}.get(size.entities), note)


def while_reading(site: Site, daemon: Daemon) -> Iterator[Figure]:
    """Pushes become visible while eight clients ask for pages."""
    page = next(question for question in questions(site.size) if question.name.startswith("page"))
    yield from push.while_reading(site, daemon, page.requests, CLIENTS)


def questions(size: Size) -> list[Question]:
    """The questions on a generated catalog of this size."""
    names = {kind: _names(kind, size) for kind in ("Component", "Group", "System")}
    refs = [f"component:default/{name}" for name in names["Component"]]
    some = range(DIFFERENT)
    return [
        Question(
            "page, kind+type by name, 20 entities",
            [_page(f"kind=component,spec.type={type_}") for type_ in ("service", "website", "library", "pipeline")],
            {10_000: 5, 100_000: 10},
            {10_000: 400, 100_000: 200},
        ),
        Question("tag", [_page(f"metadata.tags=zone-{number % 12}") for number in some], {}, {10_000: 400}),
        Question(
            "relation, owned by a group",
            [_page(f"relations.ownedby=group:default/{name}") for name in names["Group"]],
            {},
            {10_000: 700},
        ),
        Question(
            "OR of two sets",
            [
                _page(f"kind=component,metadata.tags=zone-{number % 12}", f"kind=api,spec.lifecycle={stage}")
                for number, stage in zip(some, ["production", "experimental", "deprecated"] * DIFFERENT, strict=False)
            ],
            {},
            {},
        ),
        Question(
            "text in 3 fields",
            [
                get(
                    f"{BY_QUERY}fullTextFilterTerm={name[4:9]}&fullTextFilterFields=metadata.name,metadata.title,"
                    "metadata.description&orderField=metadata.name,asc&limit=20"
                )
                for name in names["Component"]
            ],
            {},
            {10_000: 150},
        ),
        Question(
            "words of the query line",
            [get(f"/api/own/entities?q={quote(name.replace('-', ' ')[:12])}&limit=20") for name in names["Component"]],
            {},
            {},
        ),
        Question(
            "order by an annotation",
            [
                get(
                    f"{BY_QUERY}filter=kind={kind}&orderField=metadata.annotations.example.test/dashboard,desc&limit=20"
                )
                for kind in ("component", "api", "resource")
            ],
            {},
            {},
        ),
        Question(
            "facets, 3 of one kind",
            [
                get(f"{FACETS}facet=spec.type&facet=spec.lifecycle&facet=metadata.tags&filter=kind={kind}")
                for kind in ("component", "api")
            ],
            {10_000: 5, 100_000: 12},
            {},
        ),
        Question(
            "by name",
            [get(f"/api/catalog/entities/by-name/component/default/{name}") for name in names["Component"]],
            {},
            {10_000: 3000, 100_000: 3000},
        ),
        Question("by refs, 1", [_by_refs([ref]) for ref in refs], {}, {}),
        Question(
            "by refs, 100",
            [_by_refs(_hundred(size, number)) for number in range(10)],
            {},
            {10_000: 800, 100_000: 800},
        ),
        Question(
            "group by, in SQL",
            [post("/api/own/sql", {"sql": "SELECT kind, type, count(*) AS n FROM entities GROUP BY ALL ORDER BY ALL"})],
            {},
            {},
        ),
    ]


def _names(kind: str, size: Size) -> list[str]:
    step = max(1, size.entities // (DIFFERENT * 40))
    found = [name_of(number) for number in range(0, size.entities, step) if kind_of(number) == kind]
    return (found or [name_of(0)])[:DIFFERENT]


def _hundred(size: Size, number: int) -> list[str]:
    start = number * size.entities // 10
    near = [start + place for place in range(200) if kind_of(start + place) == "Component"]
    return [f"component:default/{name_of(found)}" for found in near][:100]


def _page(*filters: str) -> str:
    asked = "".join(f"filter={quote(text, safe='=,')}&" for text in filters)
    return get(f"{BY_QUERY}{asked}orderField=metadata.name,asc&limit=20")


def _by_refs(refs: Sequence[str]) -> str:
    return post("/api/catalog/entities/by-refs", {"entityRefs": list(refs)})


def _walk(api: Api) -> float:
    start = time.perf_counter()
    page = api.get(f"{BY_QUERY}limit=500")
    while cursor := page["pageInfo"].get("nextCursor"):
        page = api.get(f"{BY_QUERY}limit=500&cursor={quote(cursor)}")
    return time.perf_counter() - start
