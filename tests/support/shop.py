"""The fixture "shop" of the specification (5.0) in a real repository behind a web URL, and a client to ask about it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder

SHOP_URL = "https://git.example.test/acme/shop/blob/main/catalog-info.yaml"
SHOP_LOCATION = "location:default/generated-ec582102b5de7506514b2b56b5a13fb42d80f5a0"
DEFINITION = "openapi: 3.1.0 # padded to more than two hundred characters " + "x" * 160

SHOP_YAML = f"""\
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {{name: commerce}}
spec: {{owner: division}}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {{name: storefront}}
spec: {{owner: team-cart, domain: commerce}}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  title: Checkout Service
  description: Takes the money
  tags: [python, grpc]
  labels: {{tier: gold}}
  annotations: {{acme.test/pager: P-17}}
  links: [{{url: "https://runbook.example.test/checkout", title: Runbook, type: runbook}}]
spec:
  type: service
  lifecycle: production
  owner: team-cart
  system: storefront
  providesApis: [checkout-api]
  dependsOn: [resource:cart-db, component:pricing]
  sla: {{uptime: 99.95, critical: true, notes: null}}
  ports: [8080, 9090]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: pricing, tags: [rust, python]}}
spec: {{type: library, lifecycle: experimental, owner: "user:mira", subcomponentOf: checkout}}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: Gateway, namespace: edge, tags: [go]}}
spec: {{type: service, lifecycle: Production, owner: "group:default/team-cart"}}
---
apiVersion: backstage.io/v1beta1
kind: API
metadata: {{name: checkout-api}}
spec:
  type: openapi
  lifecycle: production
  owner: team-cart
  system: storefront
  definition: "{DEFINITION}"
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {{name: cart-db}}
spec: {{type: database, owner: team-cart}}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {{name: division}}
spec: {{type: division, children: [team-cart]}}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {{name: team-cart}}
spec: {{type: team, parent: division, children: [], members: [mira]}}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {{name: mira}}
spec: {{memberOf: [team-cart], profile: {{displayName: Mira Okafor, email: mira@example.test}}}}
"""

SHOP_REFS = (
    "api:default/checkout-api",
    "component:default/checkout",
    "component:default/pricing",
    "component:edge/gateway",
    "domain:default/commerce",
    "group:default/division",
    "group:default/team-cart",
    SHOP_LOCATION,
    "resource:default/cart-db",
    "system:default/storefront",
    "user:default/mira",
)
"""All eleven, sorted."""


class Forge:
    """Repositories that the daemon reaches as `https://git.example.test/acme/NAME`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def config(self) -> str:
        """The tables that map the web URLs to the repositories."""
        return (
            '[git]\nprotocols = ["https", "ssh", "file"]\n'
            '[[hosts]]\nhost = "git.example.test"\ntype = "github"\n'
            f'clone = "{self._folder.as_uri()}/{{owner}}/{{repo}}.git"\n'
        )

    def repository(self, name: str) -> RepoBuilder:
        """A repository, made when it is not there."""
        return RepoBuilder(self._folder / "acme" / f"{name}.git")

    def file(self, name: str, text: str, path: str = "catalog-info.yaml") -> str:
        """Commit a file to a repository; its web URL."""
        self.repository(name).commit({path: text})
        return self.url(name, path)

    def url(self, name: str, path: str = "catalog-info.yaml") -> str:
        """The web URL of a file."""
        return f"https://git.example.test/acme/{name}/blob/main/{path}"


class Backstage:
    """Backstage's API as a client of it sees it."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon

    def request(
        self, method: str, path: str, parameters: Sequence[tuple[str, str]] = (), **arguments: Any
    ) -> httpx.Response:
        """Any request below the mount."""
        return self.daemon.owner.request(method, f"/api/catalog{path}", params=list(parameters) or None, **arguments)

    def get(self, path: str, *parameters: tuple[str, str], **arguments: Any) -> httpx.Response:
        """A GET below the mount."""
        return self.request("GET", path, parameters, **arguments)

    def json(self, path: str, *parameters: tuple[str, str]) -> Any:
        """The decoded answer of a GET that succeeds."""
        answer = self.get(path, *parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refs(self, *filters: str) -> list[str]:
        """The sorted refs of the entities that the filters mean."""
        return sorted(ref(entity) for entity in self.json("/entities", *(("filter", text) for text in filters)))

    def entity(self, text: str) -> Any:
        """One entity by its full ref."""
        kind, _, rest = text.partition(":")
        return self.json(f"/entities/by-name/{kind}/{rest}")

    def page(self, *parameters: tuple[str, str]) -> Any:
        """One page of by-query."""
        return self.json("/entities/by-query", *parameters)


def ref(entity: Mapping[str, Any]) -> str:
    """The canonical ref of an entity."""
    metadata = entity["metadata"]
    return f"{entity['kind']}:{metadata['namespace']}/{metadata['name']}".lower()


def names(entities: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of entities, in their order."""
    return [entity["metadata"]["name"] for entity in entities]


def component(name: str, **fields: Any) -> str:
    """A small Component as a YAML document; `fields` go into `metadata`, `spec` into the spec."""
    spec = {"type": "service", "lifecycle": "production", "owner": "team-cart", **fields.pop("spec", {})}
    content = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name, **fields},
        "spec": spec,
    }
    return json.dumps(content)
