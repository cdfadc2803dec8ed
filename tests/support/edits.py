"""A catalog whose one repository may be edited, asked over HTTP by its owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder

REF = "component:default/shop"
SHOP = """\
# What the shop is.
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop   # never renamed
  title: "Shop"
  tags:
    - java
spec:
  type: service
  lifecycle: production
  owner: team-a
"""


def configuration(url: str, write: str = "commit", more: str = "") -> str:
    """One configured location that may be written to; polls are so rare that only rings count."""
    return (
        '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\n'
        f'[[locations]]\ntype = "git"\ntarget = "{url}"\nwrite = "{write}"\n{more}'
    )


class Editor:
    """What a person does with edits, over the Unix socket."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon

    def post(self, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """Propose, or with `confirm` carry out."""
        answer = self.daemon.owner.post("/api/own/edits", json=body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def set(self, path: str, value: Any, status: int = 201, **more: Any) -> dict[str, Any]:
        """Set one field by a commit."""
        change = {"ref": more.pop("ref", REF), "path": path, "op": more.pop("op", "replace"), "value": value}
        return self.post({"changes": [change], "target": "commit", "confirm": True, **more}, status)

    def confirm(self, edit_id: str, status: int = 200) -> dict[str, Any]:
        """Agree to a proposal."""
        answer = self.daemon.owner.post(f"/api/own/edits/{edit_id}/confirm")
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, edit_id: str) -> dict[str, Any]:
        """One edit."""
        found: dict[str, Any] = self.daemon.owner.get(f"/api/own/edits/{edit_id}").json()
        return found

    def all(self) -> list[dict[str, Any]]:
        """All edits, the newest first."""
        found: list[dict[str, Any]] = self.daemon.owner.get("/api/own/edits?limit=1000").json()["items"]
        return found

    def entity(self, ref: str = REF) -> dict[str, Any]:
        """The entity as readers get it, with its source."""
        found: dict[str, Any] = self.daemon.owner.get(f"/api/own/entities/{ref.replace('/', '%2F')}").json()
        return found


@contextmanager
def editing(folder: Path, repository: RepoBuilder, write: str = "commit") -> Iterator[Editor]:
    """A daemon on the repository, everything read."""
    with Daemon(folder, configuration(repository.url, write)) as daemon:
        daemon.sync()
        yield Editor(daemon)


def text(repository: RepoBuilder, path: str = "catalog-info.yaml", branch: str = "main") -> str:
    """A file as it is on a branch now, every byte."""
    return repository.git("cat-file", "blob", f"refs/heads/{branch}:{path}")
