"""The whole way once: a git repository, a real daemon, the command, a real pseudo-terminal."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.terminal import Terminal

CATALOG = ["-c", "import sys; sys.argv[0] = 'catalog'; from tui.cli.main import main; sys.exit(main())", "tui"]
RUN = ["-c", "import sys; from tui.app import run; from tui.client import *; sys.exit(run(Client(find_address())))"]
CRASH = [
    "-c",
    """if True:
    from tests.tui.fake_source import many
    from tui.model.symbols import UNICODE
    from tui.screens.desk import open_desk
    from tui.screens.shell import CatalogApp

    CatalogApp.action_show_help = lambda self: 1 / 0
    app = CatalogApp(open_desk(many(9), UNICODE))
    app.run()
    raise SystemExit(app.return_code)
    """,
]
CONFIG = """
[git]
protocols = ["file"]
[auth]
mode = "open"
"""


LAYOUT = """\
apiVersion: git-catalog/v1
kind: Layout
metadata: {name: component}
spec:
  kind: Component
  page:
    tabs:
    - title: Overview
      contents:
      - component: StatsCard
        specs: {props: {title: Coverage, value: <+metadata.codeCoverageScore> percent}}
"""


def component(name: str, owner: str = "team-a") -> str:
    return (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\n"
        f"metadata:\n  name: {name}\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n---\n"
    )


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    origin = RepoBuilder(tmp_path_factory.mktemp("remote") / "shop.git")
    origin.commit({"catalog-info.yaml": "".join(component(f"svc-{number:03d}") for number in range(300))})
    return origin


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory, origin: RepoBuilder) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("daemon"), CONFIG) as daemon:
        daemon.register(origin.url, type="git")
        yield daemon


def at(daemon: Daemon) -> dict[str, str]:
    return {"CATALOG_STATE": str(daemon.state)}


def test_r075_browsing_a_real_catalog_and_leaving_the_terminal_as_it_was(daemon: Daemon) -> None:
    with Terminal(CATALOG, at(daemon)) as terminal:
        terminal.see("opening")
        terminal.see("svc-010")
        terminal.see("live")
        terminal.press("G")
        terminal.see("svc-299")
        terminal.press("/svc-04")
        terminal.see("10 of 30")
        terminal.press(" ownr:x")
        terminal.see("did you mean owner?")
        terminal.press("\x1b")
        terminal.see("enter open")
        terminal.press("\r")
        terminal.see("8 Inspect")
        terminal.press("2")
        terminal.see("apiVersion: backstage.io/v1alpha1")
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.is_restored()


def test_finding_in_a_real_terminal_by_completion_facets_marks_and_saved_views(daemon: Daemon, tmp_path: Path) -> None:
    views = tmp_path / "views.toml"
    with Terminal(CATALOG, {**at(daemon), "CATALOG_VIEWS": str(views)}, columns=160, rows=40) as terminal:
        terminal.see("svc-010")
        terminal.see("[ ] Component")
        terminal.press("/ow")
        terminal.see("owner, a group or user")
        terminal.press("\t")
        terminal.see("team-a  300 ")
        terminal.press("\t")
        terminal.see("[x] team-a")
        terminal.press("\r")
        terminal.see("open")
        terminal.press("A")
        terminal.see("marked")
        terminal.press("b")
        terminal.see("Group by")
        terminal.press("\x1b[B\r")
        terminal.see("▾ Component  300")
        terminal.press("v")
        terminal.see("find a view")
        terminal.press("payers")
        terminal.see("save this line")
        terminal.press("\r")
        terminal.see("catalog list @payers asks the same")
        assert views.read_text().endswith('payers = "owner:team-a group:kind"\n')
        terminal.press("=")
        terminal.see("team-a")


def test_a_commit_appears_while_somebody_looks(daemon: Daemon, origin: RepoBuilder) -> None:
    with Terminal([*CATALOG, "name:svc-live"], at(daemon)) as terminal:
        terminal.see("nothing matches")
        origin.commit({"live.yaml": "x", "catalog-info.yaml": component("svc-live") + component("svc-000")})
        daemon.sync()
        terminal.see("team-a")
        origin.commit({"catalog-info.yaml": component("svc-live", "team-b") + component("svc-000")})
        daemon.sync()
        terminal.see("team-b")
        terminal.press("q")
        assert terminal.wait() == 0


def test_h061_a_property_appears_while_somebody_looks_at_the_entity(daemon: Daemon, origin: RepoBuilder) -> None:
    origin.commit({"scored.yaml": "x", "catalog-info.yaml": component("svc-000") + component("svc-scored") + LAYOUT})
    daemon.sync()

    def score(value: float) -> None:
        body = {"entity_ref": "svc-scored", "property": "metadata.codeCoverageScore", "value": value}
        answer = daemon.owner.post("/v1/catalog/custom-properties/entity", json=body)
        assert answer.status_code == 200, answer.text

    with Terminal([*CATALOG, "name:svc-scored"], at(daemon)) as terminal:
        terminal.see("svc-scored")
        terminal.see("live")
        terminal.press("\r")
        terminal.see("no value at metadata.codeCoverageScore")
        score(33)
        terminal.see("33 percent")
        score(48.27)
        terminal.see("48.27 percent")
        terminal.press("2")
        terminal.see("codeCoverageScore: 48.27")
        score(987654)
        terminal.see("987654")
        terminal.press("1")
        terminal.see("987654   beside git by ")
        terminal.press("q")
        assert terminal.wait() == 0


def test_r075_the_daemon_may_restart_meanwhile(tmp_path: Path, origin: RepoBuilder) -> None:
    with Daemon(tmp_path, CONFIG) as first:
        first.register(origin.url, type="git")
        with Terminal(CATALOG, at(first)) as terminal:
            terminal.see("live")
            terminal.see("svc-000")
            first.stop()
            terminal.see("offline")
            terminal.press("2")
            with Daemon(tmp_path, CONFIG):
                terminal.see("live")
                terminal.press("q")
                assert terminal.wait() == 0
                assert terminal.is_restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_r075_a_signal_restores_the_terminal(daemon: Daemon, number: signal.Signals) -> None:
    with Terminal(RUN, at(daemon)) as terminal:
        terminal.see("svc-")
        terminal.process.send_signal(number)
        assert terminal.wait() == 128 + number
        assert terminal.is_restored()


def test_r075_a_crash_restores_the_terminal_and_says_why() -> None:
    with Terminal(CRASH, {}) as terminal:
        terminal.see("svc-")
        terminal.see("live")
        terminal.press("?")
        assert terminal.wait() == 1
        assert terminal.is_restored()
        assert "ZeroDivisionError" in terminal.text()


def test_leaving_does_not_wait_for_a_daemon_that_hangs(tmp_path: Path, origin: RepoBuilder) -> None:
    with Daemon(tmp_path, CONFIG) as daemon:
        daemon.register(origin.url, type="git")
        with Terminal(CATALOG, at(daemon)) as terminal:
            terminal.see("live")
            daemon.process.send_signal(signal.SIGSTOP)
            try:
                terminal.press("/svc\r")
                terminal.see("open")
                terminal.press("q")
                assert terminal.wait() == 0
            finally:
                daemon.process.send_signal(signal.SIGCONT)


def test_a_dumb_terminal_gets_words_and_exit_code_2(daemon: Daemon) -> None:
    with Terminal(CATALOG, {**at(daemon), "TERM": "dumb"}) as terminal:
        assert terminal.wait() == 2
        assert b"\x1b" not in terminal.output


def test_no_color_shows_shades_of_grey_only(daemon: Daemon) -> None:
    with Terminal(CATALOG, {**at(daemon), "NO_COLOR": "1"}) as terminal:
        terminal.see("live")
        terminal.press("q")
        terminal.wait()
        colours = _true_colours(terminal.output)
        assert colours
        assert all(red == green == blue for red, green, blue in colours)


def _true_colours(output: bytes) -> set[tuple[bytes, ...]]:
    return {match.groups() for match in re.finditer(rb"[34]8;2;(\d+);(\d+);(\d+)", output)}
