"""From git to a queryable catalog: with the first fetches, from existing mirrors, and the parts of it alone."""

from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.site import Site


def measure(site: Site) -> Iterator[Figure]:
    """Seconds from the start of the process until every entity is there and nothing runs."""
    site.forget_state()
    yield Figure("from nothing, with first fetches", _until_idle(site), "s")
    site.forget_index()
    yield Figure("rebuild from existing mirrors", _until_idle(site), "s", 15)


def _until_idle(site: Site) -> float:
    with site.daemon() as daemon:
        seconds = daemon.wait_idle()
        entities = daemon.api.get("/api/own/status")["entities"]
        expected = site.size.entities + site.size.repositories  # each location has a generated entity
        if entities != expected:
            raise AssertionError(f"{entities} entities instead of {expected}")
        return seconds
