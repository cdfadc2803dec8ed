"""A catalog with blueprints of a small platform, and a client that speaks as Port's callers do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.support.blueprints import SERVICE
from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder

CONFIGURATION = '[git]\nprotocols = ["file"]\n'
REGION: dict[str, Any] = {
    "identifier": "region",
    "title": "Region",
    "schema": {"properties": {"code": {"type": "string"}, "open": {"type": "boolean"}}},
}
SHELF: dict[str, Any] = {
    "identifier": "shelf",
    "title": "Shelf",
    "schema": {"properties": {"height": {"type": "number"}, "label": {"type": "string"}}, "required": ["label"]},
    "relations": {
        "region": {"target": "region", "required": False, "many": False},
        "regions": {"target": "region", "required": False, "many": True},
    },
    "mirrorProperties": {"place": {"path": "region.$title"}},
}
KIND = """\
apiVersion: git-catalog/v1
kind: Blueprint
metadata: {name: Tool}
spec:
  identifier: Tool
  title: Tool
  schema:
    properties:
      price: {type: number}
      maker: {type: string}
    required: [maker]
  relations:
    region: {target: region, many: false, required: false}
"""
ENTITIES = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: till
  title: The till
  tags: [java]
  tier: gold
spec: {type: service, lifecycle: production, owner: team-a, system: shop, dependsOn: [resource:till-db]}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: team-a}
---
apiVersion: git-catalog/v1
kind: Tool
metadata: {name: hammer, title: Hammer}
spec:
  team: [team-a]
  properties: {price: 12, maker: Smith}
---
apiVersion: git-catalog/v1
kind: Tool
metadata: {name: saw}
spec:
  properties: {price: cheap, colour: red}
---
apiVersion: git-catalog/v1
kind: Nothing
metadata: {name: lost}
spec: {}
"""
"""In `things.yaml`; the saw does not fit its blueprint, and of nothing there is none."""


class Port:
    """Port's calls against a daemon, over TCP with a token."""

    def __init__(self, daemon: Daemon, repository: RepoBuilder) -> None:
        self.daemon = daemon
        self.repository = repository
        self.token = daemon.token("read", "entities:write", "properties:write")
        self.client = self._client()

    @classmethod
    def begin(cls, folder: Path, configuration: str = "") -> "Port":
        """A daemon that knows the blueprints and entities above."""
        repository = RepoBuilder(folder / "origin.git")
        repository.commit({"blueprints.yaml": KIND, "things.yaml": ENTITIES})
        daemon = Daemon(folder / "daemon", configuration + CONFIGURATION)
        daemon.register(repository.url, type="git", path=["*.yaml"])
        port = cls(daemon, repository)
        for definition in (REGION, SHELF, SERVICE):
            port.ok("POST", "/blueprints", definition, status=201)
        return port

    def stop(self) -> None:
        """End the daemon."""
        self.client.close()
        self.daemon.stop()

    def call(self, method: str, path: str, body: object = None, **arguments: Any) -> httpx.Response:
        """One call below `/v1`, its body as JSON."""
        if body is not None:
            arguments["json"] = body
        return self.client.request(method, f"/v1{path}", **arguments)

    def ok(self, method: str, path: str, body: object = None, status: int = 200, **arguments: Any) -> Any:
        """The decoded answer of a call that must succeed."""
        answer = self.call(method, path, body, **arguments)
        assert answer.status_code == status, answer.text
        decoded = answer.json()
        assert decoded["ok"] is True
        return decoded

    def refused(self, status: int, method: str, path: str, body: object = None, **arguments: Any) -> str:
        """The message of a call that must be refused so (P80)."""
        answer = self.call(method, path, body, **arguments)
        assert answer.status_code == status, answer.text
        decoded = answer.json()
        assert decoded["ok"] is False
        assert decoded["error"]
        return str(decoded["message"])

    def post(self, blueprint: str, identifier: str | None = None, query: str = "", **parts: Any) -> Any:
        """The entity that a POST makes or changes."""
        body = parts if identifier is None else {"identifier": identifier, **parts}
        return self.ok("POST", f"/blueprints/{blueprint}/entities{query}", body, status=201)["entity"]

    def get(self, blueprint: str, identifier: str, query: str = "") -> Any:
        """An entity."""
        return self.ok("GET", f"{self.path(blueprint, identifier)}{query}")["entity"]

    def identifiers(self, blueprint: str) -> list[str]:
        """The entities of a blueprint."""
        return [one["identifier"] for one in self.ok("GET", f"/blueprints/{blueprint}/entities")["entities"]]

    def path(self, blueprint: str, identifier: str) -> str:
        """The path of an entity below `/v1`."""
        return f"/blueprints/{quote(blueprint, safe='')}/entities/{quote(identifier, safe='')}"

    def own(self, url: str, **parameters: str) -> Any:
        """The decoded answer of a GET of our own or Backstage's API."""
        answer = self.daemon.owner.get(url, params=parameters or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def problems(self, code: str = "") -> list[Any]:
        """What is wrong in the catalog."""
        return list(self.own("/api/own/problems", **({"code": code} if code else {}))["items"])

    def clear(self, blueprints: Sequence[str] = ("service", "shelf", "region")) -> None:
        """Delete the entities of blueprints."""
        for blueprint in blueprints:
            self.ok("DELETE", f"/blueprints/{blueprint}/all-entities")

    def restart(self) -> None:
        """Stop the daemon and start another on its state."""
        folder = self.daemon.state.parent
        configuration = (folder / "config.toml").read_text()
        self.stop()
        self.daemon = Daemon(folder, configuration)
        self.daemon.sync()
        self.client = self._client()

    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.daemon.url, headers={"authorization": f"Bearer {self.token}"}, timeout=60, trust_env=False
        )
