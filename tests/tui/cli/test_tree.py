"""`catalog tree` against a real daemon."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG
from tests.tui.cli.program import catalog

WEB = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
spec: {type: service, lifecycle: production, owner: team-a, dependsOn: [component:cart, component:prices]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart, title: The Cart}
spec: {type: service, lifecycle: production, owner: team-a, dependsOn: [component:prices, resource:gone]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: prices}
spec: {type: service, lifecycle: production, owner: team-a, dependsOn: [component:shop], providesApis: [price-list]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: price-list}
spec: {type: openapi, lifecycle: production, owner: team-a, definition: "openapi: 3.1.0"}
"""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state directory of a daemon that has read `WEB`."""
    folder = tmp_path_factory.mktemp("tree")
    repository = RepoBuilder(folder / "web.git")
    repository.commit({"catalog-info.yaml": WEB})
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        yield daemon.state


@pytest.mark.parametrize(
    ("arguments", "drawn"),
    [
        pytest.param(
            ["component:shop", "--type", "dependsOn"],
            """\
component:default/shop
├─ dependsOn component:default/cart  The Cart
│  ├─ dependsOn component:default/prices  (again)
│  └─ dependsOn resource:default/gone  (missing)
└─ dependsOn component:default/prices
   └─ dependsOn component:default/shop  (cycle)
""",
            id="shared, cycle, missing",
        ),
        pytest.param(
            ["resource:default/gone", "--impact"],
            """\
resource:default/gone  (missing)
└─ dependencyOf component:default/cart  The Cart
   └─ dependencyOf component:default/shop
      └─ dependencyOf component:default/prices
         ├─ dependencyOf component:default/cart  The Cart  (cycle)
         ├─ dependencyOf component:default/shop  (cycle)
         └─ providesApi api:default/price-list
""",
            id="impact of what is gone",
        ),
        pytest.param(
            ["api:price-list", "--direction", "in", "--depth", "1"],
            """\
api:default/price-list
└─ apiProvidedBy component:default/prices  +2 hidden
""",
            id="depth",
        ),
        pytest.param(
            ["group:default/team-a", "--direction", "both", "--depth", "1"],
            """\
group:default/team-a  (missing)
├─ ownerOf api:default/price-list
│  └─ apiProvidedBy component:default/prices  (again)
├─ ownerOf component:default/cart  The Cart  +1 hidden
│  ├─ dependencyOf component:default/shop  (again)
│  └─ dependsOn component:default/prices  (again)
├─ ownerOf component:default/prices
│  ├─ dependencyOf component:default/shop  (again)
│  └─ dependsOn component:default/shop  (again)
└─ ownerOf component:default/shop
""",
            id="both",
        ),
    ],
)
def test_a_tree_is_drawn(web: Path, arguments: list[str], drawn: str) -> None:
    done = catalog(web, "tree", *arguments)
    assert (done.code, done.out) == (0, drawn)


def test_what_is_hidden_is_told(web: Path) -> None:
    done = catalog(web, "tree", "component:shop", "--type", "dependencyOf", "--limit", "2")
    assert "+3 relations hidden, to 2 entities" in done.err


def test_programs_get_rows_or_the_graph(web: Path) -> None:
    names = catalog(web, "tree", "prices", "-o", "name", "--type", "dependsOn").out.split()
    assert names[0] == "component:default/prices"
    graph = json.loads(catalog(web, "tree", "prices", "-o", "json", "--type", "dependsOn").out)
    assert [node["ref"] for node in graph["nodes"]] == names
    rows = catalog(web, "tree", "prices", "--columns", "ref,missing", "--no-header", "--type", "dependsOn").out
    assert "resource:default/gone\ttrue\n" in rows


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["component:default/none"], 1, "there is no entity"),
        (["shop", "--impact", "--direction", "in"], 2, "--impact has a direction of its own"),
        (["shop", "--type", "dependOn"], 2, "did you mean dependsOn?"),
        (["shop", "--depth", "33"], 2, "--depth"),
    ],
)
def test_what_cannot_be_drawn_is_told(web: Path, arguments: list[str], code: int, told: str) -> None:
    done = catalog(web, "tree", *arguments)
    assert done.code == code
    assert told in done.err


def test_impact_is_a_condition_of_the_query_line(web: Path) -> None:
    done = catalog(web, "list", "affectedby:resource:default/gone", "kind:component", "-o", "name")
    assert done.out.split() == [f"component:default/{name}" for name in ("cart", "prices", "shop")]
