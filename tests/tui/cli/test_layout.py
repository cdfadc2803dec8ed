"""`catalog layout`, and the cards under `catalog get`, against a real daemon."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.daemon import Daemon
from tests.support.layouts import SERVICE_LAYOUT, TUTORIAL_CARD
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG
from tests.tui.cli.program import catalog, in_terminal
from tests.tui.cli.scripted_daemon import Request, scripted_daemon

LINK = """\
        - component: EntityAdditionalInfoCard
          specs:
            props:
              title: Where
              items: [{label: Board, value: "https://x.test/<+metadata.name>", type: link, text: The board}]
"""
WAREHOUSE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: warehouse, coverage: 33}
spec: {type: service, lifecycle: production, owner: nobody}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: site}
spec: {type: website, lifecycle: production, owner: nobody}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state directory of a daemon that has read a service with a layout, and a website without one."""
    folder = tmp_path_factory.mktemp("layout")
    repository = RepoBuilder(folder / "shop.git")
    layout = SERVICE_LAYOUT + TUTORIAL_CARD.replace("additionalInfo.codeCoverageScore", "coverage") + LINK
    repository.commit({"catalog-info.yaml": WAREHOUSE, "layouts/catalog-info.yaml": layout})
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        yield daemon.state


def test_show_draws_all_tabs(shop: Path) -> None:
    done = catalog(shop, "layout", "show", "warehouse", COLUMNS="100")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "component:default/warehouse  layout:default/service"
    assert lines[2] == "Overview"
    assert "┌ Additional Info Card ─" in lines[3]
    assert "│ Code Coverage Score  33 " in lines[4]
    assert "https://x.test/warehouse" in done.out
    assert "\x1b" not in done.out


def test_show_gives_rows_and_the_whole_answer(shop: Path) -> None:
    rows = catalog(shop, "layout", "show", "warehouse", "-o", "tsv").out.splitlines()
    assert rows[0].split("\t") == ["tab", "card", "label", "value", "url", "note"]
    assert "Overview\tAdditional Info Card\tCode Coverage Score\t33\t\t" in rows
    whole = json.loads(catalog(shop, "layout", "show", "warehouse", "-o", "json").out)
    assert whole["layout"] == "layout:default/service"


def test_show_tells_what_has_no_value(tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        replaced = [{"asked": "metadata.additionalInfo.a", "used": "metadata.a"}]
        request.json(
            {"ref": "component:default/x", "layout": "layout:default/l", "tabs": [], "warnings": ["odd"]}
            | {"unresolved": ["metadata.x"], "replaced": replaced, "generation": 1}
        )

    with scripted_daemon(tmp_path, answer):
        done = catalog(tmp_path, "layout", "show", "component:default/x")
    assert done.code == 0
    assert "! odd" in done.out
    assert done.err.splitlines() == ["no value at metadata.x", "metadata.additionalInfo.a is the ingested metadata.a"]


def test_on_a_terminal_styles_are_weights_and_no_link_is_active_r073(shop: Path) -> None:
    code, shown = in_terminal(shop, "layout", "show", "warehouse", "--no-pager", width=100)
    assert code == 0
    assert "https://x.test/warehouse" in shown
    assert "\x1b]8" not in shown
    assert "\x1b[1m33\x1b[0m" in shown


def test_get_shows_the_overview_in_comments(shop: Path) -> None:
    done = catalog(shop, "get", "warehouse", COLUMNS="120")
    assert "# │ Code Coverage Score  33" in done.out.replace("│ │", "# │")
    assert yaml.safe_load(done.out)["metadata"]["name"] == "warehouse"
    assert "Overview" not in done.out
    assert "┌" not in catalog(shop, "get", "site").out


def test_get_goes_without_cards_where_the_daemon_is_older(tmp_path: Path) -> None:
    entity = {"kind": "Component", "metadata": {"name": "x"}}

    def answer(request: Request) -> None:
        if request.route.endswith("/layout"):
            request.json({"status": 404, "code": "no_such_path", "detail": "not found"}, 404)
        else:
            request.json({"entity": entity, "source": None, "updated": "", "problems": []})

    with scripted_daemon(tmp_path, answer):
        done = catalog(tmp_path, "get", "component:default/x")
        older = catalog(tmp_path, "layout", "show", "component:default/x")
    assert (done.code, done.err) == (0, "")
    assert yaml.safe_load(done.out) == entity
    assert older.code == 4
    assert "knows no layouts" in older.err


def test_show_of_nothing(shop: Path) -> None:
    done = catalog(shop, "layout", "show", "component:default/nope")
    assert done.code == 1
    assert "there is no entity" in done.err


@pytest.mark.parametrize(
    ("text", "code", "lines"),
    [
        pytest.param(
            SERVICE_LAYOUT + TUTORIAL_CARD, 0, ["1 layout, 0 problems, 0 warnings"], id="h065-the-card-of-the-tutorial"
        ),
        pytest.param(
            SERVICE_LAYOUT + TUTORIAL_CARD.replace("Info.code", "Info..code"),
            1,
            [
                "service.yaml:25: spec.page.tabs[0].contents[1].specs.props.items[0].value: . cannot stand here "
                "(character 27 of the text) (a name, a quoted name or a call stands after a dot)",
                "0 layouts, 1 problem, 0 warnings",
            ],
            id="h064-a-bad-expression",
        ),
        pytest.param(
            SERVICE_LAYOUT + "        - component: EntityWizIssues\n",
            0,
            [
                "service.yaml:1: warning: the component EntityWizIssues is not known here",
                "1 layout, 0 problems, 1 warning",
            ],
            id="h069-an-unknown-component",
        ),
        pytest.param(WAREHOUSE, 1, ["0 layouts, 0 problems, 0 warnings"], id="no-layout"),
    ],
)
def test_check_needs_no_daemon(tmp_path: Path, text: str, code: int, lines: list[str]) -> None:
    (tmp_path / "service.yaml").write_text(text)
    done = catalog(tmp_path / "state", "layout", "check", "service.yaml", cwd=tmp_path)
    assert (done.out.splitlines(), done.code) == (lines, code)
