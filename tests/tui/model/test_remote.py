"""An entity, asked of a real daemon."""

from pathlib import Path

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tui.client import Address, Client
from tui.model.remote import Remote


def test_what_lies_over_its_file_comes_with_the_entity(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "a")})
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        client = Client(Address(socket=daemon.socket))
        try:
            remote = Remote(client)
            assert remote.entity("component:default/a").overlay == {}
            change = {"ref": "component:default/a", "path": "metadata.tier", "value": "gold"}
            answer = daemon.owner.post("/api/own/properties", json={"changes": [change]})
            assert answer.status_code == 200
            found = remote.entity("component:default/a")
            assert found.entity["metadata"]["tier"] == "gold"
            assert list(found.overlay) == ["metadata.tier"]
        finally:
            client.close()
