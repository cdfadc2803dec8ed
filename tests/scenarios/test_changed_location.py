"""A location that leads elsewhere: what the log knows of it and the index does not is made good at the next start."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from syncd.store.state import State
from tests.support.catalog import CatalogHarness
from tests.support.repository import RepoBuilder
from tests.support.shop import component


def test_r038_a_change_that_only_the_log_knows_is_made_good(tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "origin.git")
    origin.commit({"old.yaml": component("old"), "new.yaml": component("new")})
    old, new = (f"{origin.url}/blob/main/{name}.yaml" for name in ("old", "new"))
    catalog = CatalogHarness(tmp_path / "state")
    try:
        location = catalog.add(old, "url")
        assert catalog.refs("kind=component") == ["component:default/old"]
        catalog.stop()
        changed = replace(location, target=new, named_after=location.location_ref)
        with closing(State(tmp_path / "state" / "state.sqlite")) as state, state.transaction():
            state.put_location(changed)
            state.log("test", "location.changed", location.id, {})
        catalog.start()
        assert catalog.service.locations() == [changed]
        assert catalog.refs("kind=component") == ["component:default/new"]
        assert catalog.entity(location.entity_ref)["spec"] == {"type": "url", "target": new}
        before = catalog.entity(location.entity_ref)
        catalog.rebuild()
        assert catalog.entity(location.entity_ref) == before
    finally:
        catalog.stop()
