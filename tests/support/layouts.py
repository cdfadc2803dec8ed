"""Layouts and the entities they are for, as the tests of cards need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from syncd.expressions import Path as EntityPath
from syncd.expressions import Scope
from syncd.layouts import Chosen, Page, Subject, resolve
from syncd.model.activity import StoredRecord
from syncd.model.json import Json, JsonObject

TUTORIAL_CARD = (Path(__file__).parents[1] / "data" / "harness" / "additional-info-card.yaml").read_text()
"""The card of the ingestion tutorial, character by character."""

SERVICE_LAYOUT = """\
apiVersion: git-catalog/v1
kind: Layout
metadata:
  name: service
spec:
  kind: Component
  type: service
  page:
    name: EntityLayout
    tabs:
      - name: overview
        path: /
        title: Overview
        contents:
        - component: EntityAboutCard
          specs:
            gridProps:
              md: 6
"""
"""A layout at whose end the tutorial's card can be inserted as it stands."""

WAREHOUSE: JsonObject = {
    "apiVersion": "backstage.io/v1alpha1",
    "kind": "Component",
    "metadata": {
        "name": "warehouse",
        "title": "Warehouse",
        "description": "Knows what is where.",
        "codeCoverageScore": 33,
        "tags": ["go"],
        "links": [{"url": "https://wiki.example.test/warehouse", "title": "Wiki"}],
    },
    "spec": {"type": "service", "lifecycle": "production", "owner": "harness_account_all_users"},
    "relations": [
        {"type": "ownedBy", "targetRef": "group:default/harness_account_all_users"},
        {"type": "providesApi", "targetRef": "api:default/stock"},
        {"type": "dependsOn", "targetRef": "resource:default/stock-db"},
        {"type": "dependsOn", "targetRef": "component:default/gone"},
    ],
}
STOCK: JsonObject = {
    "kind": "API",
    "metadata": {"name": "stock", "title": "Stock"},
    "spec": {"type": "grpc", "lifecycle": "production"},
}
INGESTED: Sequence[EntityPath] = [("metadata", "codeCoverageScore")]


@dataclass(frozen=True)
class Flaw:
    """A problem of an entity."""

    message: str
    path: str = "catalog-info.yaml"
    line: int = 7
    hint: str = ""


@dataclass
class Around:
    """A catalog of a few documents."""

    known: Mapping[str, JsonObject] = field(
        default_factory=lambda: {
            "api:default/stock": STOCK,
            "resource:default/stock-db": {"kind": "Resource", "metadata": {"name": "stock-db"}, "spec": {}},
            "group:default/harness_account_all_users": {"kind": "Group", "metadata": {"name": "x"}, "spec": {}},
        }
    )
    asked: list[Sequence[str]] = field(default_factory=list)

    def documents(self, refs: Sequence[str]) -> list[JsonObject | None]:
        self.asked.append(refs)
        return [self.known.get(ref) for ref in refs]

    def graph(self, ref: str, depth: int) -> JsonObject:
        nodes: list[Json] = [
            {"ref": ref, "kind": "Component", "title": None, "depth": 0, "missing": False, "hidden": 0},
            {"ref": "api:default/stock", "kind": "API", "title": "Stock", "depth": 1, "missing": False, "hidden": 0},
        ]
        edge: JsonObject = {
            "source": ref,
            "type": "providesApi",
            "reverse": "apiProvidedBy",
            "target": "api:default/stock",
        }
        left: JsonObject = {"nodes": 0, "edges": 0}
        return {"root": ref, "direction": "both", "depth": depth, "nodes": nodes, "edges": [edge], "left_off": left}

    def activity(self, *_: object) -> tuple[Sequence[StoredRecord], bool]:
        return (), False


def subject(
    entity: JsonObject = WAREHOUSE,
    ingested: Sequence[EntityPath] = INGESTED,
    *,
    fallback: bool = True,
    flaws: Sequence[Flaw] = (),
) -> Subject:
    """An entity in a small catalog."""
    metadata = entity["metadata"]
    assert isinstance(metadata, dict)
    ref = f"{entity['kind']}:default/{metadata['name']}".lower()
    return Subject(ref, entity, Scope(entity, ingested, fallback), Around(), flaws)


def page(contents: str, of: Subject | None = None) -> Page:
    """What a tab with these contents, as YAML, says of an entity."""
    tab: JsonObject = {"name": "overview", "path": "/", "contents": yaml.safe_load(contents)}
    return resolve(Chosen("layout:default/test", {"tabs": [tab]}), of or subject())
