"""Catalogs whose repositories may be edited, asked over HTTP by their owner."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.daemon import Daemon
from tests.support.repository import Content, RepoBuilder

FILE = "catalog-info.yaml"


def shop(name: str) -> str:
    """A descriptor file as people write them."""
    return f"""\
# What the shop is.
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}   # never renamed
  title: "Shop"
  tags:
    - java
spec:
  type: service
  lifecycle: production
  owner: team-a
"""


def configuration(repositories: Mapping[str, str]) -> str:
    """Locations by their URLs, with what may be written; polls are so rare that only rings count."""
    locations = (
        f'[[locations]]\ntype = "git"\ntarget = "{url}"\nwrite = "{write}"\n' for url, write in repositories.items()
    )
    return '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\n' + "".join(locations)


class Editor:
    """A person who edits the one component of one repository; `shop` is its file before."""

    def __init__(self, daemon: Daemon, repository: RepoBuilder) -> None:
        self.daemon = daemon
        self.repository = repository
        name = repository.path.stem
        self.ref = f"component:default/{name}"
        self.shop = shop(name)

    def post(self, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """Propose, or with `confirm` carry out."""
        answer = self.daemon.owner.post("/api/own/edits", json=body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def change(self, path: str, value: Any, **more: Any) -> dict[str, Any]:
        """A change of the component."""
        return {"ref": self.ref, "path": path, "value": value, **more}

    def set(self, path: str, value: Any, status: int = 201, *, op: str = "replace", **more: Any) -> dict[str, Any]:
        """Change one field by a commit, at once."""
        changes = [self.change(path, value, op=op)]
        return self.post({"changes": changes, "target": "commit", "confirm": True, **more}, status)

    def propose(self, path: str, value: Any) -> str:
        """The id of a proposal for a commit."""
        return str(self.post({"changes": [self.change(path, value)], "target": "commit"})["id"])

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

    def entity(self, ref: str = "") -> dict[str, Any]:
        """The entity as readers get it, with its source."""
        path = (ref or self.ref).replace("/", "%2F")
        found: dict[str, Any] = self.daemon.owner.get(f"/api/own/entities/{path}").json()
        return found

    def upstream(self, content: Content) -> str:
        """Somebody else pushes another file; the commit."""
        return self.repository.commit({FILE: content})

    def hook(self, name: str, script: str) -> None:
        """Give the remote a hook; "" takes it away."""
        set_hook(self.repository, name, script)

    def text(self, path: str = FILE, branch: str = "main") -> str:
        """A file as it is on a branch now, every byte."""
        return self.repository.git("cat-file", "blob", f"refs/heads/{branch}:{path}")

    def commits(self, edit_id: str, branch: str = "main") -> list[str]:
        """The commits of an edit on a branch."""
        return commits_of(self.repository, edit_id, branch)


def set_hook(repository: RepoBuilder, name: str, script: str) -> None:
    """Give a remote a hook; "" takes it away."""
    file = repository.path / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    if script:
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)


def commits_of(repository: RepoBuilder, edit_id: str, branch: str = "main") -> list[str]:
    """The commits of an edit on a branch."""
    return repository.git("log", "--format=%H", f"--grep=Catalog-Edit: {edit_id}", branch).split()


def shop_repository(path: Path) -> RepoBuilder:
    """A repository with one descriptor file and something else."""
    repository = RepoBuilder(path)
    repository.commit({FILE: shop(path.stem), "other.txt": "else\n"})
    return repository


@contextmanager
def editing(folder: Path, repositories: Mapping[str, str], more: str = "") -> Iterator[list[Editor]]:
    """A daemon on new repositories, by name, with what may be written to each; everything is read.

    `more` goes before the locations of the configuration.
    """
    made = {shop_repository(folder / f"{name}.git"): write for name, write in repositories.items()}
    with Daemon(folder, more + configuration({one.url: write for one, write in made.items()})) as daemon:
        daemon.sync()
        yield [Editor(daemon, repository) for repository in made]
