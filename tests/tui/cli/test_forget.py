"""Forgetting orphans, against a real daemon that keeps them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import catalog
from tui.client import Client
from tui.model.parting import of_orphans
from tui.model.remote import Remote
from tui.model.source import RefusedError
from tui.transport import Address


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon with one component that lives and two orphans, one of which the living one depends on."""
    repository = RepoBuilder(tmp_path / "shop.git")
    lives = entity("Component", "lives").replace("spec:", "spec:\n  dependsOn: [component:old, component:mid]")
    mid = entity("Component", "mid").replace("spec:", "spec:\n  dependsOn: [component:lives]")
    repository.commit(
        {"catalog-info.yaml": "---\n".join([lives, mid, *(entity("Component", n) for n in ("old", "older"))])}
    )
    with Daemon(tmp_path / "daemon", f'{CONFIG}[catalog]\norphan_strategy = "keep"\n') as daemon:
        daemon.register(repository.url, type="git")
        repository.commit({"catalog-info.yaml": f"{lives}---\n{mid}"})
        assert catalog(daemon.state, "location", "refresh", "--all", "--wait").code == 0
        yield daemon


def test_orphans_are_forgotten_and_what_has_a_source_is_not(keeper: Daemon) -> None:
    assert catalog(keeper.state, "list", "annotation.backstage.io/orphan:true", "-o", "name").out.split() == [
        "component:default/old",
        "component:default/older",
    ]
    client = Client(Address(socket=keeper.socket))
    source = Remote(client)
    parting = of_orphans(source, ["component:default/old", "component:default/lives"])
    assert parting.refs == ("component:default/old",)
    assert [(one.source, one.type) for one in parting.departure.pointers] == [("component:default/lives", "dependsOn")]
    assert parting.departure.pointers_total == 1  # what points at those that point at it is no pointer
    assert parting.notes == ("1 of the marked have a source: they stay",)
    with pytest.raises(RefusedError, match="is no orphan"):
        source.forget_orphan("component:default/lives")
    with pytest.raises(RefusedError, match="not found"):
        source.forget_orphan("component:default/none")
    asked = catalog(keeper.state, "forget", "old", "older", "--dry-run")
    assert (asked.code, asked.err) == (0, "would forget 2 entities\n")
    refused = catalog(keeper.state, "forget", "lives", "--yes")
    assert refused.code == 5
    assert "a source has it" in refused.err
    assert catalog(keeper.state, "forget", "lives", "--dry-run").code == 5
    assert catalog(keeper.state, "forget", "old").code == 2
    done = catalog(keeper.state, "forget", "old", "older", "--yes")
    assert (done.code, done.err) == (0, "forgot component:default/old\nforgot component:default/older\n")
    assert (
        catalog(keeper.state, "list", "kind:component", "-o", "name").out
        == "component:default/lives\ncomponent:default/mid\n"
    )
    client.close()
