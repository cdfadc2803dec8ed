"""A catalog with the entities of Harness's tutorial, and a client that speaks as its callers do."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder

PATH = "/v1/catalog/custom-properties"
WAREHOUSE = "component:default/warehouse"

ENTITIES = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: warehouse
  tags: [java]
  annotations: {backstage.io/techdocs-ref: "dir:."}
  labels: {tier: gold}
spec: {type: service, lifecycle: production, owner: team-a}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shelf, tags: [java, grpc]}
spec: {type: service, lifecycle: experimental, owner: team-b}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: round, namespace: edge, tags: [go]}
spec: {type: library, lifecycle: production, owner: default/team-a}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: warehouse}
spec: {type: openapi, lifecycle: production, owner: team-a, definition: "-"}
---
apiVersion: harness.io/v1
kind: component
identifier: warehouse
name: The scoped one
type: service
owner: team-a
orgIdentifier: org
projectIdentifier: project
spec: {lifecycle: experimental}
metadata: {description: by IDP 2.0, tags: [scoped]}
"""

FILE_CONFIGURATION = '[git]\nprotocols = ["file"]\n'


class Ingestion:
    """Harness's calls against a daemon, over TCP with a key."""

    def __init__(self, daemon: Daemon, repository: RepoBuilder) -> None:
        self.daemon = daemon
        self.repository = repository
        self.key = daemon.token("read", "properties:write")

    @classmethod
    def begin(cls, folder: Path, configuration: str = "") -> "Ingestion":
        """A daemon that has read the entities above."""
        repository = RepoBuilder(folder / "origin.git")
        repository.commit({"catalog-info.yaml": ENTITIES})
        daemon = Daemon(folder / "daemon", configuration + FILE_CONFIGURATION)
        daemon.register(repository.url, type="git")
        return cls(daemon, repository)

    def call(self, method: str, path: str = "", body: object = None, **arguments: Any) -> httpx.Response:
        """One call below `/v1/catalog/custom-properties`, its body as JSON."""
        headers = {"x-api-key": self.key, **arguments.pop("headers", {})}
        if body is not None:
            arguments["json"] = body
        with self.daemon.stranger() as client:
            return client.request(method, f"{PATH}{path}", headers=headers, **arguments)

    def post(self, path: str, body: object, **arguments: Any) -> httpx.Response:
        """A POST that sets something."""
        return self.call("POST", path, body, **arguments)

    def set(self, path: str, value: object, ref: str = "warehouse", **fields: object) -> httpx.Response:
        """Set one property of one entity; it must succeed."""
        answer = self.post("/entity", {"entity_ref": ref, "property": path, "value": value, **fields})
        assert answer.status_code == 200, answer.text
        return answer

    def clear(self) -> None:
        """Delete every custom property."""
        items = self.own("/api/own/properties")["items"]
        for item in items:
            changes = [{"ref": item["ref"], "path": item["path"], "op": "remove"}]
            assert self.daemon.owner.post("/api/own/properties", json={"changes": changes}).status_code == 200

    def own(self, url: str, asked: Mapping[str, str] | None = None, **parameters: str) -> Any:
        """The decoded answer of a GET of our own API."""
        answer = self.daemon.owner.get(url, params={**(asked or {}), **parameters} or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def entity(self, ref: str = WAREHOUSE) -> Any:
        """An entity as Backstage's API gives it."""
        kind, _, rest = ref.partition(":")
        return self.own(f"/api/catalog/entities/by-name/{kind}/{rest}")

    def recorded(self, ref: str = "warehouse") -> list[Mapping[str, Any]]:
        """The custom properties of an entity as Harness's GET gives them."""
        answer = self.call("GET", "/entity", params={"entity_ref": ref})
        assert answer.status_code == 200, answer.text
        found: list[Mapping[str, Any]] = answer.json()["properties"]
        return found

    def refs(self, *filters: str) -> list[str]:
        """Names of the entities that filters mean."""
        answer = self.daemon.owner.get("/api/catalog/entities", params=[("filter", text) for text in filters])
        return sorted(entity["metadata"]["name"] for entity in answer.json())

    def restart(self) -> None:
        """Stop the daemon and start another on its state."""
        folder = self.daemon.state.parent
        configuration = (folder / "config.toml").read_text()
        assert self.daemon.stop() == 0
        self.daemon = Daemon(folder, configuration)
        self.daemon.sync()


def counts(reply: Mapping[str, Any], names: Iterable[str] = ("additions", "updates")) -> list[list[str]]:
    """The refs that a reply to a filter names, by what happened to them."""
    for name in names:
        part = reply[f"entities_with_{name}"]
        assert part["count"] == len(part["entity_refs"])
    return [reply[f"entities_with_{name}"]["entity_refs"] for name in names]
