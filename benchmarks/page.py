"""A page of the catalog through HTTP, as a portal asks for it: kind and type, ordered by name, 20 entities."""

import time
from collections.abc import Iterator

from benchmarks.daemon import Api
from benchmarks.figures import Figure, median, percentile

PAGE = "/api/catalog/entities/by-query?filter=kind=component,spec.type=service&orderField=metadata.name,asc&limit=20"
FACETS = "/api/catalog/entity-facets?facet=spec.type&facet=spec.lifecycle&facet=spec.owner&filter=kind=component"
ASKED = 300
WARM_UP = 20


def measure(api: Api, by_name: str) -> Iterator[Figure]:
    """Requests one after the other on one connection; `by_name` is the name of some component."""
    page = _asked(api, PAGE)
    yield Figure(
        "page, kind+type by name, 20 entities, p50", median(page), "ms", 5, f"{ASKED} requests, one connection"
    )
    yield Figure("  p95", percentile(page, 0.95), "ms")
    yield Figure("facets, 3 of one kind, p50", median(_asked(api, FACETS)), "ms", 5)
    one = _asked(api, f"/api/catalog/entities/by-name/component/default/{by_name}")
    yield Figure("one entity by name, p50", median(one), "ms")


def _asked(api: Api, path: str) -> list[float]:
    api.get(path)  # an answer that is no 200 must not be measured
    samples = []
    for _ in range(WARM_UP + ASKED):
        start = time.perf_counter()
        api.read(path)
        samples.append((time.perf_counter() - start) * 1000)
    return samples[WARM_UP:]
