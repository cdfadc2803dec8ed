"""From git to a queryable catalog: with the first fetches, from existing mirrors, and the parts of it alone."""

from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.parts import alone
from benchmarks.site import Site


def measure(site: Site) -> Iterator[Figure]:
    """Seconds from the start of the process until every entity is there and nothing runs."""
    site.forget_state()
    cold = _until_idle(site)
    site.forget_index()
    warm = _until_idle(site)
    parts = alone(site)
    told = f"alone: git reads {parts.read:.2f} s, YAML {parts.parse:.2f} s, load {parts.load:.2f} s"
    yield Figure("rebuild from existing mirrors", warm, "s", {10_000: 15}.get(site.size.entities), told)
    yield Figure("  times the sum of its parts alone", warm / parts.rebuild, "x", 2.5)
    yield Figure(
        "from nothing, with first fetches",
        cold,
        "s",
        {100_000: 60}.get(site.size.entities),
        f"alone: fetches {parts.fetch:.2f} s, and the above",
    )
    yield Figure("  times the sum of its parts alone", cold / parts.from_nothing, "x", 2.5)


def _until_idle(site: Site) -> float:
    with site.daemon() as daemon:
        seconds = daemon.wait_idle()
        entities = daemon.api.get("/api/own/status")["entities"]
        expected = site.size.entities + site.size.repositories  # each location has a generated entity
        if entities != expected:
            raise AssertionError(f"{entities} entities instead of {expected}")
        return seconds
