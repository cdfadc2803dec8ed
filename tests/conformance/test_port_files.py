"""Port's `port.yml` in git (P72, P73): a real repository, a real daemon, asked as Port's clients ask."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.bench import Bench
from tests.support.port import Port

STORE: dict[str, Any] = {
    "identifier": "store",
    "schema": {
        "properties": {
            "floor": {"type": "number"},
            "note": {"type": "string"},
            "readme": {"type": "string", "format": "markdown"},
        }
    },
    "relations": {"region": {"target": "region"}, "regions": {"target": "region", "many": True}},
}
ONE = """\
identifier: corner
title: The corner shop
icon: Cart
blueprint: store
team: team-a
properties:
  floor: 120
  readme: file://README.md
relations:
  region: eu
  regions: [eu, "eu:west"]
"""
LIST = """\
- identifier: corner
  blueprint: store
  properties:
    readme: file://./notes.md
- identifier: pier
  blueprint: store
  properties:
    readme: file://../README.md
    note: >-
      by the sea
- identifier: mailer
  title: Mailer
  blueprint: component
  team: [team-a, team-b]
  properties: {type: service, lifecycle: production, tier: gold}
  relations: {system: shop, dependsOn: [till, "resource:default/till-db"]}
---
- identifier: kiosk
  blueprint: store
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    port = Port.begin(tmp_path_factory.mktemp("port"))
    port.ok("POST", "/blueprints", STORE, status=201)
    port.post("region", "eu", title="Europe")
    port.post("region", "eu:west")
    port.daemon.register(port.repository.url, type="git")  # what is looked for in a repository: port.yml among it
    yield port
    port.stop()


@pytest.fixture
def port(shared: Port) -> Iterator[Port]:
    """The shared daemon, without stores before and after."""
    yield shared
    commit(
        shared,
        {
            "catalog-info.yaml": None,
            "port.yml": None,
            "shops/port.yml": None,
            "README.md": None,
            "shops/notes.md": None,
        },
    )
    assert shared.identifiers("store") == []
    assert shared.problems() == shared.problems("entity.unfit")  # of things.yaml


def commit(port: Port, files: Mapping[str, str | None]) -> None:
    port.repository.commit(files)
    port.daemon.sync()


def messages(port: Port, path: str) -> list[str]:
    """`line: message` of what is wrong with a file."""
    return [f"{one['line']}: {one['message']}" for one in port.problems() if one["path"] == path]


def test_p072_one_entity(port: Port) -> None:
    commit(port, {"port.yml": ONE, "README.md": "# Corner\n"})
    found = port.get("store", "corner")
    assert (found["title"], found["icon"], found["team"]) == ("The corner shop", "Cart", ["team-a"])
    assert found["properties"] == {"floor": 120, "readme": "# Corner\n"}
    assert found["relations"] == {"region": "eu", "regions": ["eu", "eu:west"]}
    entity = port.own("/api/catalog/entities/by-name/store/default/corner")
    assert entity["metadata"]["annotations"]["backstage.io/managed-by-location"].endswith(":port.yml")
    arrows = {(one["type"], one["targetRef"]) for one in entity["relations"]}
    assert arrows == {
        ("region", "region:default/eu"),
        ("regions", "region:default/eu"),
        ("regions", "region:default/eu%3awest"),
    }
    region = port.own("/api/catalog/entities/by-name/region/default/eu")
    assert {"type": "regionOf", "targetRef": "store:default/corner"} in region["relations"]
    commit(port, {"README.md": "# Corner, new\n"})
    assert port.get("store", "corner")["properties"]["readme"] == "# Corner, new\n"
    for given, region in (("eu:west", "eu:west"), (None, "eu")):  # what the API says is laid over the file (P29)
        port.ok("PATCH", port.path("store", "corner"), {"relations": {"region": given}})
        assert port.get("store", "corner")["relations"] == {"region": region, "regions": ["eu", "eu:west"]}


def test_p072_a_list(port: Port) -> None:
    commit(port, {"shops/port.yml": LIST, "README.md": "root", "shops/notes.md": "here"})
    assert messages(port, "shops/port.yml") == []
    assert sorted(port.identifiers("store")) == ["corner", "kiosk", "pier"]
    assert port.get("store", "corner")["properties"] == {"readme": "here"}
    assert port.get("store", "pier")["properties"] == {"readme": "root", "note": "by the sea"}
    mailer = port.own("/api/catalog/entities/by-name/component/default/mailer")
    assert mailer["spec"] == {
        "type": "service",
        "lifecycle": "production",
        "owner": "team-a",
        "system": "system:default/shop",
        "dependsOn": ["component:default/till", "resource:default/till-db"],
    }
    assert (mailer["metadata"]["title"], mailer["metadata"]["tier"]) == ("Mailer", "gold")
    commit(port, {"shops/port.yml": LIST.split("- identifier: pier")[0]})  # what is removed from the file is gone
    assert port.identifiers("store") == ["corner"]


@pytest.mark.parametrize("name", ["file://../../README.md", "file://../..", "file:///etc/../../passwd", "file://~/x"])
def test_p072_a_file_outside_the_repository_is_refused(port: Port, name: str) -> None:
    commit(port, {"shops/port.yml": LIST, "README.md": "root", "shops/notes.md": "here"})
    commit(port, {"shops/port.yml": LIST.replace("file://../README.md", name), "shops/notes.md": "new"})
    (message,) = messages(port, "shops/port.yml")
    assert message.startswith("8: properties.readme: ")
    assert port.get("store", "pier")["properties"]["readme"] == "root"  # the last good one is kept
    assert port.get("store", "corner")["properties"] == {"readme": "new"}  # its siblings go on


WRONG = [
    ("- identifier: a\n", "1: blueprint is missing"),
    ("- blueprint: store\n", "1: identifier is missing"),
    ("- {identifier: ok, blueprint: store}\n- text\n", "2: the item is no entity: it is not a mapping"),
    ("identifier: b\nblueprint: store\npropertys: {}\n", "3: propertys is not a field of an entity of port.yml"),
    ("identifier: c\nblueprint: layout\n", "2: blueprint: layout has no entities of this form"),
    ("identifier: d\nblueprint: store\nproperties:\n  readme: file://no.md\n", "4: properties.readme: file://no.md: "),
    ("identifier: e\nblueprint: store\nrelations:\n  region:\n  - 5\n", "5: spec.relations.region[0]: must be"),
    ("identifier: f\nblueprint: component\nproperties:\n  type: 5\n", "4: properties.type: is not of type"),
    ("identifier: g\nblueprint: component\nproperties:\n  type: x\n", "1: spec.lifecycle is missing"),
    ("identifier: h\nblueprint: component\nrelations:\n  sistem: x\n", "4: relations.sistem is not a relation"),
    ("identifier: i\nblueprint: nowhere\n", "1: there is no blueprint nowhere"),
    ("identifier: j\nblueprint: store\nproperties: {floor: high}\n", "1: spec.properties.floor: is not of type"),
]


def test_p072_what_is_wrong_has_a_line(port: Port) -> None:
    files = {f"wrong/{index}/port.yml": text for index, (text, _) in enumerate(WRONG)}
    commit(port, files)
    for path, (_, message) in zip(files, WRONG, strict=True):
        assert any(one.startswith(message) for one in messages(port, path)), messages(port, path)
    commit(port, dict.fromkeys(files))


def test_p072_a_location_may_name_the_file_and_the_blueprint_may_come_later(port: Port) -> None:
    kind = "apiVersion: git-catalog/v1\nkind: Blueprint\nmetadata: {name: annex}\nspec: {identifier: annex, %s}\n"
    files = {
        "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: shops}\n"
        "spec: {targets: [./shops/annexes.yml]}\n",
        "shops/annexes.yml": "{identifier: attic, blueprint: annex, relations: {of: eu}}\n",
    }
    commit(port, files)
    assert messages(port, "shops/annexes.yml") == ["1: there is no blueprint annex"]
    for target in ("region", "system"):
        definition = kind % f"relations: {{of: {{target: {target}}}}}"
        commit(port, {"shops/catalog-info.yaml": definition})
        attic = port.own("/api/catalog/entities/by-name/annex/default/attic")
        assert attic["spec"]["relations"] == {"of": f"{target}:default/eu"}
        assert {"type": "of", "targetRef": f"{target}:default/eu"} in attic["relations"]
    assert messages(port, "shops/annexes.yml") == []
    commit(port, {"shops/catalog-info.yaml": None, **dict.fromkeys(files)})


def test_p073_null_clears_and_what_is_absent_keeps(port: Port) -> None:
    port.post(
        "store",
        "corner",
        title="Old",
        icon="Bell",
        team=["team-a"],
        properties={"floor": 7, "note": "by hand"},
        relations={"region": "eu", "regions": ["eu"]},
    )
    nulls = "title: null\nteam: null\nproperties: {floor: null}\nrelations: {region: null}\n"
    head = "identifier: corner\nblueprint: store\n"
    commit(port, {"port.yml": head + nulls})
    found = port.get("store", "corner")
    assert (found["title"], found["icon"], found["team"]) == ("corner", "Bell", [])
    assert found["properties"] == {"note": "by hand"}
    assert found["relations"] == {"region": None, "regions": ["eu"]}
    port.ok("PATCH", port.path("store", "corner"), {"properties": {"floor": 8}})  # said after the file: it counts
    assert port.get("store", "corner")["properties"] == {"floor": 8, "note": "by hand"}
    port.ok("PATCH", port.path("store", "corner"), {"properties": {"floor": None}})
    assert port.get("store", "corner")["properties"] == {"note": "by hand"}
    commit(port, {"port.yml": head})
    assert port.get("store", "corner")["properties"] == {"floor": 7, "note": "by hand"}
    commit(port, {"port.yml": None})
    port.ok("DELETE", port.path("store", "corner"))


def test_p073_in_a_kind_of_backstage(port: Port) -> None:
    port.post(
        "component",
        "printer",
        team="team-a",
        properties={"type": "service", "lifecycle": "production", "tier": "gold", "rack": 4},
        relations={"system": "shop"},
    )
    commit(
        port,
        {
            "port.yml": "identifier: printer\nblueprint: component\nteam: team-b\n"
            "properties: {type: service, lifecycle: production, tier: null}\nrelations: {system: null}\n"
        },
    )
    found = port.get("component", "printer")
    assert (found["properties"].get("tier"), found["properties"]["rack"]) == (None, 4)
    assert found["relations"]["system"] is None
    commit(port, {"port.yml": None})
    port.ok("DELETE", port.path("component", "printer"))


NULLS = """\
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: empty, note: null, list: [null], parts: {a: null}, owners: null}
spec: {owner: team-a}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: full, note: %s, list: [a], parts: {a: b}, owners: [team-b]}
spec: {owner: team-a}
---
apiVersion: git-catalog/v1
kind: store
metadata: {name: shut}
spec: {properties: {note: null, readme: %s, floor: null}}
"""


@pytest.mark.parametrize(
    ("blueprint", "name", "empty"),
    [
        ("system", "note", ["empty", "shop"]),
        ("system", "list", ["shop"]),
        ("system", "parts", ["shop"]),
        ("store", "note", ["shut"]),
        ("store", "readme", []),
        ("store", "floor", ["shut"]),
    ],
    ids=lambda value: f"p038-{value}" if isinstance(value, str) else "",
)
def test_p038_null_in_a_file_is_empty(port: Port, blueprint: str, name: str, empty: list[str]) -> None:
    """A text that is too long to be searched is not empty."""
    long = "x" * 300
    commit(port, {"port.yml": None, "catalog-info.yaml": NULLS % (long, long)})
    path = f"/blueprints/{blueprint}/entities/search"
    for operator, wanted in (("isEmpty", True), ("isNotEmpty", False)):
        rules = {"combinator": "and", "rules": [{"property": name, "operator": operator}]}
        found = sorted(one["identifier"] for one in port.ok("POST", path, {"query": rules})["entities"])
        everything = {"system": ["empty", "full", "shop"], "store": ["shut"]}[blueprint]
        assert found == [one for one in everything if (one in empty) is wanted]


def test_p072_a_rebuild_says_the_same(tmp_path: Path) -> None:
    """Whatever came first: the file, the blueprint that says what its relations lead to, or the entity made by API."""
    definition = "apiVersion: git-catalog/v1\nkind: Blueprint\nmetadata: {name: %s}\nspec: {identifier: %s, %s}\n"
    relations = "relations: {of: {target: zone}}"
    with Bench(tmp_path) as bench:
        bench.commit({"port.yml": "[{identifier: a, blueprint: area, relations: {of: west}}]\n"})
        bench.register_git()
        bench.push({"catalog-info.yaml": definition % ("area", "area", relations)})
        bench.push({"z/port.yml": "- {identifier: west, blueprint: zone, title: null}\n"})
        bench.push({"z/catalog-info.yaml": definition % ("zone", "zone", "schema: {}")})
        assert bench.arrows("area:default/a") == [("of", "zone:default/west")]
        assert bench.arrows("zone:default/west") == [("ofOf", "area:default/a")]
        assert bench.codes() == {}
        bench.assert_rebuild_equal()
