"""Registering, refreshing and removing sources, against a real daemon."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import Terminal, catalog
from tests.tui.cli.scripted_daemon import scripted_daemon
from tui.cli.failure import Failure
from tui.cli.location_target import CATALOG_FILES, LocationTarget, read_target
from tui.client import Client
from tui.model.file_choice import file_choice
from tui.model.location_source import Wanted
from tui.model.remote import Remote
from tui.transport import Address


@pytest.fixture
def repository(tmp_path: Path) -> RepoBuilder:
    """One component and one file that nobody reads by default."""
    builder = RepoBuilder(tmp_path / "shop.git")
    builder.commit({"catalog-info.yaml": entity("Component", "one"), "other.yaml": entity("Component", "two")})
    return builder


def added(daemon: Daemon, *arguments: str) -> str:
    """The id of a location that was registered."""
    done = catalog(daemon.state, "location", "add", *arguments, "-o", "name")
    assert done.code == 0, done.err
    return done.out.strip()


def test_add_waits_and_tells_what_came_of_it(own_daemon: Daemon, repository: RepoBuilder) -> None:
    done = catalog(own_daemon.state, "location", "add", str(repository.path))
    assert (done.code, done.out) == (0, "1 entity, no problems\n")
    assert done.err.startswith(f"registered git:{repository.url} as ")
    assert catalog(own_daemon.state, "list", "kind:component", "-o", "name").out == "component:default/one\n"


def test_add_tells_problems_with_file_and_line(own_daemon: Daemon, repository: RepoBuilder) -> None:
    repository.commit({"bad/catalog-info.yaml": entity("Component", "no name")})
    done = catalog(own_daemon.state, "location", "add", repository.url)
    assert done.code == 7
    assert "1 entity" in done.out
    assert "bad/catalog-info.yaml:" in done.out
    listed = json.loads(catalog(own_daemon.state, "location", "list", "-o", "json").out)
    row = catalog(own_daemon.state, "location", "list", "--columns", "id,state,entities", "--no-header").out
    assert row == f"{listed[0]['id']}\tproblems\t1\n"


def test_add_chooses_ref_and_path(own_daemon: Daemon, repository: RepoBuilder) -> None:
    repository.commit({"deep/a.yaml": entity("Component", "three")}, branch="dev")
    identifier = added(own_daemon, repository.url, "--ref", "dev", "--path", "deep/*.yaml", "--priority", "5")
    shown = json.loads(catalog(own_daemon.state, "location", "show", identifier, "-o", "json").out)
    assert (shown["ref"], shown["paths"], shown["priority"]) == ("dev", ["deep/*.yaml"], 5)
    assert catalog(own_daemon.state, "list", "kind:component", "-o", "name").out == "component:default/three\n"


def test_add_twice_is_a_conflict(own_daemon: Daemon, repository: RepoBuilder) -> None:
    identifier = added(own_daemon, repository.url)
    done = catalog(own_daemon.state, "location", "add", repository.url)
    assert done.code == 5
    assert f"already registered as {identifier}" in done.err


def test_add_of_what_cannot_be_read_fails(own_daemon: Daemon, tmp_path: Path) -> None:
    done = catalog(own_daemon.state, "location", "add", (tmp_path / "gone.git").as_uri())
    assert done.code in (2, 4)
    assert " next: " in done.err
    assert done.out == ""


def test_add_without_waiting_prints_the_id(own_daemon: Daemon, repository: RepoBuilder) -> None:
    done = catalog(own_daemon.state, "location", "add", repository.url, "--no-wait")
    listed = json.loads(catalog(own_daemon.state, "location", "list", "-o", "json").out)
    assert (done.code, done.out) == (0, listed[0]["id"] + "\n")


def test_waiting_has_an_end(tmp_path: Path) -> None:
    with scripted_daemon(tmp_path, lambda request: request.json({"done": False})) as daemon:
        done = catalog(tmp_path, "location", "refresh", "--all", "--wait", "--timeout", "2.5")
        assert [path for _, path, _ in daemon.seen] == ["/api/own/refresh?wait=2.5"]
    assert done.code == 124
    assert "--timeout waits longer" in done.err


def test_refresh_makes_a_push_visible(own_daemon: Daemon, repository: RepoBuilder) -> None:
    identifier = added(own_daemon, repository.url)
    repository.commit({"catalog-info.yaml": entity("Component", "renamed")})
    assert catalog(own_daemon.state, "location", "refresh", identifier[:8], "--wait").code == 0
    assert catalog(own_daemon.state, "list", "kind:component", "-o", "name").out == "component:default/renamed\n"


def test_a_dry_run_lists_every_document_and_stores_nothing(own_daemon: Daemon, repository: RepoBuilder) -> None:
    repository.commit({"bad/catalog-info.yaml": entity("Component", "no name")})
    done = catalog(own_daemon.state, "location", "add", repository.url, "--dry-run", "--columns", "effect,where")
    assert (done.code, done.out) == (
        7,
        "effect\twhere\ninvalid\tbad/catalog-info.yaml:4\nnew\tcatalog-info.yaml:1\n",
    )
    assert "1 new, 1 invalid; nothing is stored" in done.err
    assert catalog(own_daemon.state, "location", "list", "-o", "name").out == ""


def test_pause_and_resume(own_daemon: Daemon, repository: RepoBuilder) -> None:
    identifier = added(own_daemon, repository.url)
    assert catalog(own_daemon.state, "location", "pause", identifier[:8]).code == 0
    state = catalog(own_daemon.state, "location", "list", "--columns", "state", "--no-header")
    assert state.out == "paused\n"
    assert catalog(own_daemon.state, "location", "refresh", identifier).code == 5
    assert catalog(own_daemon.state, "location", "resume", identifier).code == 0


def settings(daemon: Daemon, identifier: str) -> tuple[str, float | None]:
    shown = json.loads(catalog(daemon.state, "location", "show", identifier, "-o", "json").out)
    return shown["write"], shown["poll_interval"]


def test_what_may_be_pushed_and_how_often_it_is_looked_at(own_daemon: Daemon, repository: RepoBuilder) -> None:
    identifier = added(own_daemon, repository.url, "--write", "branch", "--interval", "5m")
    assert settings(own_daemon, identifier) == ("branch", 300)
    shown = catalog(own_daemon.state, "location", "show", identifier, "-o", "tsv", "--no-header").out
    assert {"write\tbranch", "poll_interval\t5m"} <= set(shown.splitlines())
    done = catalog(own_daemon.state, "location", "set", identifier[:8], "--interval", "90s")
    assert (done.code, done.err) == (0, f"{identifier}: write branch, interval 90s\n")
    assert settings(own_daemon, identifier) == ("branch", 90)
    done = catalog(own_daemon.state, "location", "set", identifier, "--write", "none", "--interval", "configured")
    assert (done.code, done.err) == (0, f"{identifier}: write none, interval configured\n")
    assert settings(own_daemon, identifier) == ("none", None)


def test_what_cannot_be_set_is_refused_with_a_next_step(own_daemon: Daemon, repository: RepoBuilder) -> None:
    identifier = added(own_daemon, repository.url)
    for words, next_step in (
        ((), "name --write, --interval, or both"),
        (("--interval", "soon"), "write 90s, 5m, 1h, or configured"),
        (("--interval", "0"), "less than a second"),
        (("--write", "all"), "location set --help"),
        (("--interval", "5000d"), "more than ten years"),
    ):
        done = catalog(own_daemon.state, "location", "set", identifier, *words)
        assert (done.code, next_step in done.err) == (2, True), done.err
    assert settings(own_daemon, identifier) == ("none", None)


def test_refresh_wants_to_know_which(own_daemon: Daemon) -> None:
    assert catalog(own_daemon.state, "location", "refresh").code == 2
    assert catalog(own_daemon.state, "location", "refresh", "x", "--all").code == 2
    assert catalog(own_daemon.state, "location", "refresh", "nothing").code == 1


def test_remove_asks_on_a_terminal_only(own_daemon: Daemon, repository: RepoBuilder) -> None:
    identifier = added(own_daemon, repository.url)
    piped = catalog(own_daemon.state, "location", "remove", identifier)
    assert (piped.code, "--yes" in piped.err) == (2, True)
    for answer, code in (("\n", 130), ("y\n", 0)):
        terminal = Terminal(own_daemon.state, "location", "remove", identifier)
        terminal.wait_for(lambda shown: "[y/N]" in shown)
        terminal.type(answer)
        assert terminal.end() == code
    assert catalog(own_daemon.state, "location", "list", "-o", "name").out == ""


def test_a_configured_location_is_protected(tmp_path: Path, repository: RepoBuilder) -> None:
    config = CONFIG + f'[[locations]]\ntype = "git"\ntarget = "{repository.url}"\n'
    with Daemon(tmp_path / "daemon", config) as daemon:
        daemon.sync()
        done = catalog(daemon.state, "location", "remove", repository.url, "--yes")
        assert done.code == 6
        assert repository.url in done.err
        done = catalog(daemon.state, "location", "set", repository.url, "--write", "branch")
        assert done.code == 6
        assert f"[[locations]] of {tmp_path / 'daemon' / 'config.toml'}" in done.err
        done = catalog(daemon.state, "edit", "component:default/one")
        assert (done.code, "[[locations]]" in done.err) == (6, True)


def test_an_edit_that_is_not_allowed_names_the_command_that_allows_it(
    own_daemon: Daemon, repository: RepoBuilder
) -> None:
    identifier = added(own_daemon, repository.url)
    for words in (("edit", "one"), ("set", "one", "spec.owner=x", "--to", "branch", "-y")):
        done = catalog(own_daemon.state, *words)
        assert done.code == 6
        assert f"catalog location set {identifier} --write branch" in done.err


TARGETS = [
    ("https://github.com/acme/pay/blob/main/catalog-info.yaml", LocationTarget("url", "", ())),
    ("https://github.com/acme/pay.git", LocationTarget("git", "", ())),
    ("https://github.com/acme/pay.git/", LocationTarget("git", "", ())),
    ("ssh://git@host/pay", LocationTarget("git", "", ())),
    ("git@host:acme/pay", LocationTarget("git", "", ())),
    ("file:///srv/git/pay", LocationTarget("git", "", ())),
]


@pytest.mark.parametrize(("text", "target"), TARGETS, ids=[text for text, _ in TARGETS])
def test_urls_tell_their_type(text: str, target: LocationTarget) -> None:
    assert read_target(text) == target._replace(target=text)
    assert read_target(text, "url" if text.startswith("https") else None).type in ("url", "git")


def test_a_named_type_wins() -> None:
    assert read_target("https://host/acme/pay", "git").type == "git"


def test_a_path_means_its_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tmp_path / "my tree"
    (tree / ".git").mkdir(parents=True)
    (tree / "svc").mkdir()
    (tree / "svc" / "all.yaml").touch()
    for folder in ("objects", "refs"):
        (tmp_path / "bare.git" / folder).mkdir(parents=True)
    (tmp_path / "bare.git" / "HEAD").touch()
    assert read_target(str(tree)) == ("git", tree.as_uri(), ())
    assert read_target(str(tmp_path / "bare.git")) == ("git", (tmp_path / "bare.git").as_uri(), ())
    assert read_target(str(tree / "svc" / "all.yaml")) == ("git", tree.as_uri(), ("svc/all.yaml",))
    assert read_target(str(tree / "svc")).paths == tuple(f"svc/**/{name}" for name in CATALOG_FILES)
    monkeypatch.chdir(tree / "svc")
    assert read_target("..") == ("git", tree.as_uri(), ())


@pytest.mark.parametrize(
    "text", ["/no/such/path", "nothing here", "~nobody-is-called-so/x", "~nobody@host:x y", "n" * 5000]
)
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(Failure, match="neither a URL nor a path"):
        read_target(text)


def test_a_folder_without_git_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="not in a git repository"):
        read_target(str(tmp_path))


def test_a_daemon_that_reads_no_local_repositories_says_how_it_would(tmp_path: Path, repository: RepoBuilder) -> None:
    with Daemon(tmp_path / "daemon") as daemon:
        done = catalog(daemon.state, "location", "add", str(repository.path))
    assert done.code == 2
    assert 'protocols = ["https", "ssh", "file"]' in done.err


def test_a_preview_of_chosen_files_holds_these_alone(catalog_daemon: Daemon, tmp_path: Path) -> None:
    builder = RepoBuilder(tmp_path / "odd.git")
    paths = ["a b.yaml", "[x]/100%.yaml", "~/c*.yaml", "x/100%.yaml", "~/cc.yaml"]
    builder.commit({path: entity("Component", f"odd-{number}") for number, path in enumerate(paths)})
    client = Client(Address(socket=catalog_daemon.socket))
    wanted = Wanted("git", builder.url, paths=("**/*.yaml",))
    preview = Remote(client).preview_location(wanted)
    assert {one.path for one in preview.documents} == set(paths)
    choice = file_choice(wanted, preview).toggled("x/100%.yaml").toggled("~/cc.yaml")
    chosen = Remote(client).preview_location(replace(wanted, paths=choice.paths))
    assert sorted(one.path for one in chosen.documents) == sorted(paths[:3])
    assert chosen.counts["new"] == 3
    client.close()
