"""A running catalog that a module's tests share: each fills it, asks it, and leaves nothing behind."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from syncd.clock import utc_now
from syncd.model.location import Location
from syncd.stitch.entity import STATUS_TYPE
from tests.support.catalog import CatalogHarness
from tests.support.contents import contents
from tests.support.repository import RepoBuilder

WEB = "git.example.test"
FILE = "catalog-info.yaml"


class Bench:
    """A catalog and the repositories behind `https://git.example.test/OWNER/NAME`; every test has its own owner."""

    def __init__(self, folder: Path, configuration: str = "") -> None:
        self.folder = folder
        self.owner = "acme"
        self.hosts = "".join(
            f'[[hosts]]\nhost = "{host}"\ntype = "github"\n'
            f'clone = "{(folder / place).as_uri()}/{{owner}}/{{repo}}.git"\n'
            for host, place in ((WEB, "git"), ("github.com", "hub"))
        )
        self.catalog = CatalogHarness(folder / "state", configuration + self.hosts)

    def reconfigure(self, configuration: str) -> None:
        """Restart with another configuration."""
        self.catalog.stop()
        self.catalog = CatalogHarness(self.folder / "state", configuration + self.hosts)

    def hours_later(self, hours: float) -> None:
        """Sync as if so much more time had gone by; a restart, and the next test, come back to the present."""
        self._set_clock(hours)
        self.catalog.sync()

    def _set_clock(self, hours: float) -> None:
        engine = self.catalog.service.readiness.engine
        assert engine is not None
        engine.reconciler.clock = lambda: utc_now() + timedelta(hours=hours)

    # Repositories

    def repository(self, name: str = "shop", *, place: str = "git") -> RepoBuilder:
        """A repository, made when it is not there; `place` "hub" is github.com."""
        return RepoBuilder(self.folder / place / self.owner / f"{name}.git")

    def commit(self, files: Mapping[str, Any], name: str = "shop", branch: str = "main") -> str:
        """Commit files to a repository without telling the catalog; the commit's id."""
        return self.repository(name).commit(files, branch=branch)

    def url(self, path: str = FILE, name: str = "shop", ref: str = "main") -> str:
        """The web URL of a file."""
        return f"https://{WEB}/{self.owner}/{name}/blob/{ref}/{path}"

    # The catalog

    def register(self, path: str = FILE, name: str = "shop", ref: str = "main", *, priority: int = 0) -> Location:
        """Register a file by its web URL, and sync."""
        return self.catalog.add(self.url(path, name, ref), "url", priority=priority)

    def register_git(
        self, name: str = "shop", ref: str = "", paths: Sequence[str] = (), *, priority: int = 0
    ) -> Location:
        """Register a repository by its clone URL, and sync."""
        return self.catalog.add(self.repository(name).url, ref=ref, paths=paths, priority=priority)

    def push(self, files: Mapping[str, Any], name: str = "shop") -> None:
        """Commit files to a repository, and sync."""
        self.commit(files, name)
        self.catalog.sync()

    def remove(self, location: Location) -> None:
        """Unregister."""
        self.catalog.service.remove_location(location.id, actor="test")

    @contextmanager
    def cleared(self, test: str) -> Iterator[None]:
        """Repositories of one test's own, and an empty catalog before and after it."""
        self.owner = "o" + hashlib.sha1(test.encode(), usedforsecurity=False).hexdigest()[:12]
        self._set_clock(0)
        yield
        self.clear()

    def clear(self) -> None:
        """Unregister everything; nothing may be left of it."""
        for location in self.catalog.service.locations():
            self.remove(location)
        left = {table: rows for table, rows in contents(self.catalog.daemon).items() if rows}
        assert not left

    # What it says

    def refs(self) -> list[str]:
        """All refs but those of generated Locations."""
        return self.catalog.refs()

    def names(self) -> list[str]:
        """The names of all Components."""
        return [ref.rpartition("/")[2] for ref in self.catalog.refs("kind=component")]

    def entity(self, ref: str) -> dict[str, Any]:
        """An entity; `component:default/` may be left out."""
        return self.catalog.entity(ref if ":" in ref else f"component:default/{ref}")

    def annotation(self, ref: str, name: str) -> str | None:
        """An annotation of an entity; `backstage.io/` may be left out."""
        annotations = self.entity(ref)["metadata"]["annotations"]
        value: str | None = annotations.get(name if "/" in name else f"backstage.io/{name}")
        return value

    def arrows(self, ref: str) -> list[tuple[str, str]]:
        """The relations of an entity, in their order."""
        return [(relation["type"], relation["targetRef"]) for relation in self.entity(ref)["relations"]]

    def errors(self, ref: str | Location) -> list[str]:
        """The messages in an entity's status, of the form that Backstage's clients read (C95)."""
        entity = self.entity(ref.entity_ref if isinstance(ref, Location) else ref)
        items = entity["status"]["items"] if "status" in entity else []
        for item in items:
            assert (item["type"], item["level"]) == (STATUS_TYPE, "error")
            assert item["message"] == f"{item['error']['name']}: {item['error']['message']}"
        return [item["message"] for item in items]

    def codes(self) -> dict[str, set[str]]:
        """Everything that is wrong: codes by the path of the file."""
        found: dict[str, set[str]] = {}
        for problem in self.catalog.problems():
            found.setdefault(problem.path, set()).add(problem.code)
        return found

    def assert_rebuild_equal(self, told: str = "") -> None:
        """What is in the index now is what an index built anew holds."""
        before = contents(self.catalog.daemon)
        self.catalog.rebuild()
        after = contents(self.catalog.daemon)
        assert {table: rows for table, rows in before.items() if rows != after[table]} == {}, told

    def __enter__(self) -> "Bench":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.catalog.stop()


def entity(kind: str, name: str, spec: Mapping[str, Any], **metadata: Any) -> str:
    """A document as text."""
    fields = {"name": name, **metadata}
    return json.dumps({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": fields, "spec": spec})


def component(name: str, spec: Mapping[str, Any] | None = None, **metadata: Any) -> str:
    """A valid Component; `spec` adds to its spec."""
    return entity(
        "Component",
        name,
        {"type": "service", "lifecycle": "production", "owner": "team"} | dict(spec or {}),
        **metadata,
    )


def api(name: str, definition: object) -> str:
    """An API, whose definition is the usual place of a placeholder."""
    return entity(
        "API", name, {"type": "openapi", "lifecycle": "production", "owner": "team", "definition": definition}
    )


def location(name: str, *targets: str, **spec: Any) -> str:
    """A Location entity."""
    return entity("Location", name, {"targets": list(targets), **spec})


def documents(*texts: str) -> str:
    """Several documents as one file."""
    return "\n---\n".join(texts) + "\n"


BROKEN = "kind: [unclosed\n"
"""A document that is no YAML."""
