"""Computed properties of a running catalog, through its reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.blueprints.computing import Computing
from syncd.jq.runner import JqRunner
from syncd.model.json import JsonObject
from tests.support.catalog import CatalogHarness
from tests.support.repository import RepoBuilder

FILE = """\
apiVersion: git-catalog/v1
kind: Blueprint
metadata: {name: region}
spec:
  identifier: region
  schema: {properties: {code: {type: string}}}
  aggregationProperties:
    shops:
      target: shop
      calculationSpec: {func: count, calculationBy: entities}
      query: {combinator: and, rules: [{property: size, operator: ">", value: 1}]}
    newest:
      target: shop
      calculationSpec: {func: average, calculationBy: entities, averageOf: month, measureTimeBy: $createdAt}
---
apiVersion: git-catalog/v1
kind: Blueprint
metadata: {name: shop}
spec:
  identifier: shop
  schema: {properties: {size: {type: number}}}
  relations: {region: {target: region, many: false, required: false}}
  mirrorProperties:
    place: {path: region.$title}
  calculationProperties:
    double: {type: number, calculation: .properties.size * 2}
    where: {type: string, calculation: .properties.place + "!"}
---
apiVersion: git-catalog/v1
kind: region
metadata: {name: eu, title: Europe}
spec: {properties: {code: e}}
"""
SHOP = """\
---
apiVersion: git-catalog/v1
kind: shop
metadata: {{name: {name}}}
spec:
  properties: {{size: {size}}}
  relations: {{region: "region:default/eu"}}
"""
SHOPS = "".join(SHOP.format(name=f"s{size}", size=size) for size in range(4))


@pytest.fixture
def origin(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder(tmp_path / "origin.git")


@pytest.fixture
def catalog(tmp_path: Path, origin: RepoBuilder) -> Iterator[CatalogHarness]:
    origin.commit({"catalog-info.yaml": FILE + SHOPS})
    with CatalogHarness(tmp_path / "state") as harness:
        harness.add(origin.url)
        yield harness


@pytest.fixture
def computing() -> Iterator[Computing]:
    with JqRunner() as jq:
        yield Computing(jq.first)


def computed(catalog: CatalogHarness, computing: Computing, *refs: str, identified: bool = False) -> list[JsonObject]:
    """The computed properties of entities."""
    reader = catalog.service.register.reader
    found = computing.of(reader, list(reader.entities(refs).values()), identified=identified)
    return [found[ref] for ref in refs]


def test_of_several_entities_at_once(catalog: CatalogHarness, computing: Computing) -> None:
    assert computed(catalog, computing, "shop:default/s2", "shop:default/s3") == [
        {"place": "Europe", "double": 4, "where": "Europe!"},
        {"place": "Europe", "double": 6, "where": "Europe!"},
    ]
    assert computed(catalog, computing, "region:default/eu") == [{"shops": 2, "newest": 4}]
    (shop,) = computed(catalog, computing, "shop:default/s2", identified=True)
    assert shop == {"place": {"identifier": "eu", "title": "Europe"}, "double": 4, "where": "Europe!"}
    assert computing.problems(catalog.service.register.reader) == ()


def test_a_problem_is_kept_until_it_goes_well(
    catalog: CatalogHarness, computing: Computing, origin: RepoBuilder
) -> None:
    origin.commit({"catalog-info.yaml": FILE.replace('+ "!"', "+ true") + SHOPS})
    catalog.sync()
    (found,) = computed(catalog, computing, "shop:default/s1")
    assert found == {"place": "Europe", "double": 2, "where": None}
    (problem,) = computing.problems(catalog.service.register.reader)
    assert (problem.code, problem.ref) == ("blueprint.computed", "shop:default/s1")
    assert problem.message.startswith("shop.where: ")
    origin.commit({"catalog-info.yaml": FILE + SHOPS})
    catalog.sync()
    assert computing.problems(catalog.service.register.reader) == ()


def test_a_problem_goes_with_its_entity(catalog: CatalogHarness, computing: Computing, origin: RepoBuilder) -> None:
    broken = FILE.replace('+ "!"', "+ true")
    origin.commit({"catalog-info.yaml": broken + SHOPS})
    catalog.sync()
    computed(catalog, computing, "shop:default/s3")
    origin.commit({"catalog-info.yaml": broken + SHOPS.replace("name: s3", "name: s4")})
    catalog.sync()
    assert computing.problems(catalog.service.register.reader) == ()
    assert computing.failing == 0
