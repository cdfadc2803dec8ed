"""From pushes to the catalog: what is followed, what is kept, what is removed, and what may fail beside it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import pytest

from syncd.errors import InputError, NotAllowedError
from syncd.model.location import Location
from tests.support.bench import BROKEN, FILE, Bench, api, component, documents, location
from tests.support.loopback import say_nothing, tcp_server
from tests.support.repository import Odd, RepoBuilder

KEEP = '[catalog]\norphan_strategy = "keep"\n'


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("sync")) as bench:
        yield bench


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("keeping"), KEEP) as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A catalog that deletes orphans, empty, with repositories of this test's own."""
    with shared.cleared(request.node.nodeid):
        yield shared


@pytest.fixture
def keeper(keeping: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A catalog that keeps orphans, empty, with repositories of this test's own."""
    with keeping.cleared(request.node.nodeid):
        yield keeping


# What a repository holds


def test_an_empty_repository_says_so_and_is_read_when_it_is_not(bench: Bench) -> None:
    bench.repository()
    registered = bench.register_git()
    assert bench.refs() == []
    assert "no default branch" in bench.errors(registered)[0]
    bench.push({FILE: component("a")})
    assert bench.names() == ["a"]
    assert bench.errors(registered) == []


def test_a_repository_without_catalog_files_is_no_error_unless_they_are_asked_for(bench: Bench) -> None:
    bench.commit({"README.md": "nothing here"})
    discovering, asking = bench.register_git(), bench.register_git(paths=["catalog/*.yaml"])
    assert bench.errors(discovering) == []
    assert len(bench.errors(asking)) == 1
    bench.push({"catalog/a.yaml": component("a"), "deep/x/catalog-info.yml": component("b"), FILE: component("c")})
    assert bench.names() == ["a", "b", "c"]
    assert bench.errors(asking) == []


def test_a_location_with_several_paths(bench: Bench) -> None:
    files = ("a.yaml", "x/b.yaml", "x/y/c.yaml", "d.yml", "[e].yaml")
    bench.commit({path: component(Path(path).stem.strip("[]")) for path in files})
    registered = bench.register_git(paths=["*.yaml", "x/**/*.yaml", "none/*.yaml"])
    assert bench.names() == ["a", "b", "c", "e"]
    assert len(bench.errors(registered)) == 1
    assert "none/*.yaml" in bench.errors(registered)[0]


def test_r014_a_file_over_the_limit_is_an_error_of_that_file(bench: Bench) -> None:
    bench.commit({"a.yaml": component("a"), "b.yaml": component("b") + "#" * 4 * 1024 * 1024, "c.yaml": component("c")})
    registered = bench.register_git(paths=["*.yaml"])
    assert bench.names() == ["a", "c"]
    assert bench.codes() == {"b.yaml": {"file.too_large"}}
    assert len(bench.errors(registered)) == 1


@pytest.mark.parametrize(
    ("odd", "what"),
    [
        pytest.param(Odd("120000", "a.yaml"), "a symbolic link", id="symbolic-link"),
        pytest.param(Odd("120000", "/etc/passwd"), "a symbolic link", id="symbolic-link-out-of-it"),
        pytest.param(Odd("160000", "1" * 40), "a submodule", id="submodule"),
    ],
)
def test_r016_only_files_are_read(bench: Bench, odd: Odd, what: str) -> None:
    bench.commit({"a.yaml": component("a"), "x/catalog-info.yaml": odd, FILE: location("all", "./x/catalog-info.yaml")})
    registered = bench.register_git(paths=["a.yaml", "**/catalog-info.yaml"])
    assert bench.names() == ["a"]
    assert bench.codes() == {"x/catalog-info.yaml": {"file.not_regular"}}
    assert what in bench.errors(registered)[0]
    assert what in bench.errors("location:default/all")[0]
    bench.commit({"x/catalog-info.yaml": None})
    bench.push({"x/catalog-info.yaml": component("x")})
    assert bench.names() == ["a", "x"]
    assert bench.catalog.problems() == []


def test_r017_paths_are_bytes(bench: Bench) -> None:
    repository = bench.repository()
    repository.commit({"Catalog-Info.yaml": component("upper"), FILE: component("lower"), "ä/x.yaml": component("x")})
    registered = bench.register_git(paths=["[cC]atalog-[iI]nfo.yaml", "*/x.yaml"])
    assert bench.names() == ["lower", "upper", "x"]
    repository.commit({b"a\xff/x.yaml": component("lost")})
    bench.catalog.sync()
    assert bench.codes() == {"a\\xff/x.yaml": {"file.path_not_unicode"}}
    assert len(bench.errors(registered)) == 1
    assert bench.names() == ["lower", "upper", "x"]
    bench.assert_rebuild_equal()
    repository.commit({b"a\xff/x.yaml": None})
    bench.catalog.sync()
    assert bench.codes() == {}


def test_r017_a_push_of_a_path_that_no_text_can_name_is_noticed(bench: Bench) -> None:
    """Its shown form is longer than it is, so a pattern for its length does not match what is shown."""
    repository = bench.repository()
    repository.commit({"ab/x.yaml": component("x")})
    bench.register_git(paths=["a?/x.yaml"])
    repository.commit({b"a\xff/x.yaml": component("lost")})
    bench.catalog.sync()
    assert bench.codes() == {"a\\xff/x.yaml": {"file.path_not_unicode"}}


# Which commit


@pytest.mark.parametrize("kind", ["branch", "tag", "annotated tag", "commit", "full name"])
def test_a_ref_of_any_kind(bench: Bench, kind: str) -> None:
    repository = bench.repository()
    repository.commit({FILE: component("default")})
    first = repository.commit({FILE: component("first")}, branch="release/1")
    if "tag" in kind:
        repository.tag("v1", first, annotated=kind == "annotated tag")
    ref = {"branch": "release/1", "commit": first, "full name": "refs/heads/release/1"}.get(kind, "v1")
    registered = bench.register_git(ref=ref)
    assert bench.names() == ["first"]
    assert bench.catalog.service.standing.location(registered.id).commit == first
    second = repository.commit({FILE: component("second")}, branch="release/1")
    if "tag" in kind:
        repository.tag("v1", second, annotated=kind == "annotated tag")
    bench.catalog.sync()
    assert bench.names() == ["first" if kind == "commit" else "second"]
    assert bench.catalog.problems() == []


def test_a_location_per_branch(bench: Bench) -> None:
    repository = bench.repository()
    repository.commit({FILE: component("a"), "x.yaml": component("x")})
    repository.commit({FILE: component("b"), "y.yaml": component("y")}, branch="dev")
    bench.register_git(paths=["*.yaml"])
    bench.register_git(ref="dev", paths=["*.yaml"])
    assert bench.names() == ["a", "b", "x", "y"]
    repository.commit({"x.yaml": component("x2")})
    repository.commit({"y.yaml": None}, branch="dev")
    bench.catalog.sync()
    assert bench.names() == ["a", "b", "x2"]


def test_r004_a_mirror_forgets_what_nobody_asks_for(bench: Bench) -> None:
    def held() -> list[str]:
        mirror = bench.catalog.daemon._mirrors.open(repository.url)
        refs = RepoBuilder(mirror.path).git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes")
        return refs.split()

    repository = bench.repository()
    repository.commit({FILE: component("a")})
    repository.commit({FILE: component("b")}, branch="dev")
    repository.commit({FILE: component("c")}, branch="never")
    bench.register_git()
    dev = bench.register_git(ref="dev")
    assert held() == ["dev", "main"]
    bench.remove(dev)
    bench.catalog.sync()
    assert held() == ["main"]


@pytest.mark.parametrize("broken", [False, True], ids=["well", "while-a-file-is-broken"])
def test_r018_a_force_push_is_followed(bench: Bench, broken: bool) -> None:
    bench.commit({FILE: documents(component("a"), component("b")), "x.yaml": component("x")})
    bench.register_git(paths=["*.yaml"])
    if broken:
        bench.push({"x.yaml": BROKEN})
    bench.repository().force({FILE: component("a", title="other"), **({"x.yaml": BROKEN} if broken else {})})
    bench.catalog.sync()
    assert bench.names() == (["a", "x"] if broken else ["a"])
    assert bench.entity("a")["metadata"]["title"] == "other"
    bench.repository().git("gc", "-q", "--prune=now")
    bench.assert_rebuild_equal()


def test_r018_a_branch_that_is_made_again_is_followed(bench: Bench) -> None:
    repository = bench.repository()
    repository.commit({"README.md": "x"})
    repository.commit({FILE: component("a")}, branch="dev")
    registered = bench.register_git(ref="dev")
    repository.delete_branch("dev")
    bench.catalog.sync()
    assert bench.names() == ["a"]
    assert bench.catalog.service.standing.location(registered.id).error_code == "git.ref_missing"
    repository.force({FILE: component("b")}, branch="dev")
    bench.catalog.sync()
    assert bench.names() == ["b"]
    assert bench.catalog.service.standing.location(registered.id).error_code == ""
    assert bench.catalog.problems() == []


def test_r018_a_branch_gives_way_to_a_folder_of_branches(bench: Bench) -> None:
    repository = bench.repository()
    repository.commit({"README.md": "x"})
    repository.commit({FILE: component("a")}, branch="x")
    first = bench.register_git(ref="x")
    repository.delete_branch("x")
    bench.remove(first)
    repository.commit({FILE: component("b")}, branch="x/y")
    bench.register_git(ref="x/y")
    assert bench.names() == ["b"]


def test_r018_a_default_branch_that_is_renamed_is_followed(bench: Bench) -> None:
    files = {FILE: location("all", "./a.yaml"), "a.yaml": component("a"), "x.yaml": component("x")}
    bench.commit(files)
    registered = bench.register_git(paths=[FILE, "x.yaml"])
    bench.repository().rename_default("main", "trunk")
    bench.catalog.sync()
    assert bench.names() == ["a", "x"]
    bench.commit({"a.yaml": component("a2")}, branch="trunk")
    bench.catalog.sync()
    assert bench.names() == ["a2", "x"]
    assert bench.annotation("x", "managed-by-location") == f"git:{bench.repository().url}#trunk:x.yaml"
    assert bench.catalog.problems() == []
    bench.assert_rebuild_equal()
    assert bench.catalog.service.standing.location(registered.id).error_code == ""


def test_r018_a_broken_file_keeps_its_entity_when_the_default_branch_is_renamed(bench: Bench) -> None:
    bench.commit({FILE: component("a"), "x.yaml": component("x")})
    registered = bench.register_git(paths=["*.yaml"])
    bench.push({FILE: BROKEN})
    bench.repository().rename_default("main", "trunk")
    bench.catalog.sync()
    assert bench.names() == ["a", "x"]
    assert len(bench.errors(registered)) == 1
    bench.assert_rebuild_equal()
    bench.commit({FILE: component("b")}, branch="trunk")
    bench.catalog.sync()
    assert bench.names() == ["b", "x"]


# Gone is not empty


def moved_away(repository: RepoBuilder) -> Callable[[], object]:
    away = repository.path.with_name("away")
    repository.path.rename(away)
    return lambda: away.rename(repository.path)


def replaced(repository: RepoBuilder) -> Callable[[], object]:
    back = moved_away(repository)
    repository.path.mkdir()

    def restore() -> None:
        repository.path.rmdir()
        back()

    return restore


def damaged(repository: RepoBuilder) -> Callable[[], object]:
    """Its branch names a commit that it cannot give."""
    commit = repository.head()
    repository.git("pack-refs", "--all")
    packed = repository.path / "packed-refs"
    text = packed.read_text()
    packed.write_text(text.replace(commit, "1" * 40))
    return lambda: packed.write_text(text)


@pytest.mark.parametrize(
    ("break_off", "code"),
    [
        pytest.param(moved_away, "git.not_found", id="deleted"),
        pytest.param(replaced, "git.not_found", id="replaced"),
        pytest.param(damaged, "git.", id="server-broken"),
    ],
)
def test_r019_what_cannot_be_reached_keeps_its_entities(
    bench: Bench, break_off: Callable[[RepoBuilder], Callable[[], object]], code: str
) -> None:
    bench.commit({FILE: documents(component("a"), location("all", "./b.yaml")), "b.yaml": component("b")})
    registered = bench.register_git()
    back = break_off(bench.repository())
    bench.catalog.sync()
    state = bench.catalog.service.standing.location(registered.id)
    assert state.error_code.startswith(code)
    assert state.stale_since is not None
    assert len(bench.errors(registered)) == 1
    assert bench.errors("a") == []
    for step in (bench.catalog.sync, bench.catalog.restart, lambda: bench.hours_later(1000)):
        step()
        assert bench.names() == ["a", "b"]
    back()
    bench.push({FILE: component("c")})
    assert bench.names() == ["c"]
    assert bench.catalog.problems() == []
    assert bench.catalog.service.standing.location(registered.id).stale_since is None


@pytest.mark.parametrize("default", [False, True], ids=["a-branch", "the-default-branch"])
def test_r019_a_deleted_branch_has_a_day_of_grace(bench: Bench, default: bool) -> None:
    branch = "main" if default else "dev"
    repository = bench.repository()
    repository.commit({"x.yaml": component("x")}, branch="other")
    repository.commit({"README.md": "x"})
    repository.commit({FILE: component("a")}, branch=branch)
    registered = bench.register_git(ref="" if default else branch)
    bench.register_git(ref="other", paths=["*.yaml"])
    repository.delete_branch(branch)
    for hours in (0, 1, 23.9):
        bench.hours_later(hours)
        assert bench.names() == ["a", "x"]
        assert bench.catalog.service.standing.location(registered.id).error_code == "git.ref_missing"
        assert len(bench.errors(registered)) == 1
    bench.catalog.restart()
    assert bench.names() == ["a", "x"]
    bench.hours_later(24.1)
    assert bench.names() == ["x"]
    assert bench.catalog.service.standing.location(registered.id).error_code == "git.ref_gone"
    repository.commit({FILE: component("b")}, branch=branch)
    bench.hours_later(25)
    assert bench.names() == ["b", "x"]
    assert bench.catalog.problems() == []


def test_r019_a_branch_that_is_gone_does_not_come_back_when_its_server_breaks(bench: Bench) -> None:
    repository = bench.repository()
    repository.commit({"README.md": "x"})
    repository.commit({FILE: component("a")}, branch="dev")
    bench.register_git(ref="dev")
    repository.delete_branch("dev")
    bench.catalog.sync()
    bench.hours_later(25)
    assert bench.names() == []
    back = moved_away(repository)
    bench.hours_later(26)
    assert bench.names() == []
    bench.catalog.rebuild()
    assert bench.names() == []
    back()


def test_r019_a_deleted_file_is_gone_at_once(bench: Bench) -> None:
    bench.commit({FILE: component("a"), "x/catalog-info.yaml": component("x")})
    bench.register_git()
    bench.push({FILE: None})
    assert bench.names() == ["x"]


# Orphans that are kept


def test_c111_an_orphan_is_kept_and_marked(keeper: Bench) -> None:
    keeper.commit({FILE: documents(component("a", title="last"), component("b")), "x.yaml": component("x")})
    keeper.register_git(paths=["*.yaml"])
    keeper.push({FILE: component("b"), "x.yaml": None})
    assert keeper.names() == ["a", "b", "x"]
    assert [keeper.annotation(name, "orphan") for name in "abx"] == ["true", None, "true"]
    assert keeper.entity("a")["metadata"]["title"] == "last"
    keeper.assert_rebuild_equal()
    keeper.push({"y.yaml": component("a"), "x.yaml": component("x")})
    assert [keeper.annotation(name, "orphan") for name in "abx"] == [None, None, None]
    assert "title" not in keeper.entity("a")["metadata"]
    keeper.assert_rebuild_equal()
    keeper.push({FILE: BROKEN, "x.yaml": None})
    assert [keeper.annotation(name, "orphan") for name in "abx"] == [None, None, "true"]
    keeper.push({FILE: None})
    assert [keeper.annotation(name, "orphan") for name in "abx"] == [None, "true", "true"]
    keeper.assert_rebuild_equal()


def test_c111_everything_below_a_location_that_is_dropped_is_an_orphan(keeper: Bench) -> None:
    keeper.commit({FILE: documents(location("all", "./a.yaml"), component("x")), "a.yaml": component("a")})
    registered = keeper.register()
    keeper.push({FILE: component("x")})
    assert keeper.annotation("location:default/all", "orphan") == "true"
    assert keeper.annotation("a", "orphan") == "true"
    keeper.assert_rebuild_equal()
    keeper.remove(registered)
    assert keeper.refs() == []


def test_c111_an_orphan_gives_way_to_a_live_entity_without_conflict(keeper: Bench) -> None:
    keeper.commit({FILE: component("a", title="old")}, "one")
    keeper.commit({FILE: component("x")}, "two")
    keeper.register_git("one", priority=9)
    keeper.register_git("two")
    keeper.push({FILE: None}, "one")
    keeper.push({FILE: component("a", title="new")}, "two")
    assert keeper.entity("a")["metadata"]["title"] == "new"
    assert keeper.annotation("a", "orphan") is None
    assert keeper.catalog.problems() == []
    keeper.assert_rebuild_equal()


def uid(bench: Bench, ref: str) -> str:
    text: str = bench.entity(ref)["metadata"]["uid"]
    return text


def test_c222_a_deleted_orphan_stays_gone(keeper: Bench) -> None:
    keeper.commit({FILE: documents(component("a"), component("b")), "x.yaml": component("x")})
    keeper.register_git(paths=["*.yaml"])
    keeper.push({FILE: component("b"), "x.yaml": None})
    for name in ("a", "x"):
        keeper.catalog.service.deletion.entity(uid(keeper, name), actor="test")
    assert keeper.names() == ["b"]
    keeper.catalog.sync()
    keeper.push({"z.yaml": component("z")})
    assert keeper.names() == ["b", "z"]
    keeper.assert_rebuild_equal()
    keeper.push({"x.yaml": component("x")})
    assert keeper.names() == ["b", "x", "z"]


def test_c223_a_deleted_live_entity_is_read_again(bench: Bench) -> None:
    bench.commit({FILE: component("a")})
    bench.register()
    before = bench.entity("a")
    bench.catalog.service.deletion.entity(uid(bench, "a"), actor="test")
    bench.catalog.settle()
    assert bench.entity("a") == before


def test_r019_orphans_of_a_branch_that_is_gone(keeper: Bench) -> None:
    repository = keeper.repository()
    repository.commit({"README.md": "x"})
    repository.commit({FILE: component("a")}, branch="dev")
    keeper.register_git(ref="dev")
    repository.delete_branch("dev")
    keeper.catalog.sync()
    assert keeper.annotation("a", "orphan") is None
    keeper.hours_later(25)
    assert keeper.annotation("a", "orphan") == "true"
    for again in (keeper.catalog.restart, keeper.catalog.rebuild):
        again()
        assert keeper.annotation("a", "orphan") == "true"
    keeper.catalog.service.deletion.entity(uid(keeper, "a"), actor="test")
    keeper.catalog.restart()
    assert keeper.refs() == []


def test_c111_the_strategy_may_change(tmp_path: Path) -> None:
    with Bench(tmp_path, KEEP) as bench:
        bench.commit({FILE: documents(component("a"), component("b"))})
        bench.register_git()
        bench.push({FILE: component("b")})
        assert bench.names() == ["a", "b"]
        bench.reconfigure("")
        assert bench.names() == ["b"]
        bench.assert_rebuild_equal()
        bench.reconfigure(KEEP)
        assert bench.names() == ["b"]


# Locations of the configuration


def configured(target: str, more: str = "", type_: str = "git") -> str:
    return f'[[locations]]\ntype = "{type_}"\ntarget = "{target}"\n{more}\n'


def test_configured_locations_come_change_and_go(tmp_path: Path) -> None:
    one, two = RepoBuilder(tmp_path / "one.git"), RepoBuilder(tmp_path / "two.git")
    one.commit({FILE: documents(component("a", title="one"), component("x"))})
    two.commit({FILE: documents(component("a", title="two"), component("y"))})
    first, second = configured(one.url), configured(f"{two.url}/blob/main/{FILE}", type_="url")

    with Bench(tmp_path, first + second) as catalog:

        def title() -> str:
            text: str = catalog.entity("a")["metadata"]["title"]
            return text

        assert (catalog.names(), title()) == (["a", "x", "y"], "one")
        kept = {location.target: location.id for location in catalog.catalog.service.locations()}
        catalog.reconfigure(second + first)  # C109: the order of registration, not of the file
        assert title() == "one"
        catalog.reconfigure(first + second.replace("target", "priority = 3\ntarget"))
        assert title() == "two"
        catalog.assert_rebuild_equal()
        catalog.reconfigure(first + second)
        assert title() == "one"
        assert {location.target: location.id for location in catalog.catalog.service.locations()} == kept
        catalog.reconfigure(second)
        assert (catalog.names(), title()) == (["a", "y"], "two")
        catalog.reconfigure(second + first)
        assert (catalog.names(), title()) == (["a", "x", "y"], "two")
        catalog.reconfigure("")
        assert catalog.refs() == []
        assert catalog.catalog.service.locations() == []


def test_a_configured_location_belongs_to_the_configuration(tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "one.git")
    origin.commit({FILE: component("a")})
    with Bench(tmp_path) as bench:
        by_call = bench.catalog.add(origin.url)
        bench.reconfigure(configured(origin.url))
        (registered,) = bench.catalog.service.locations()
        assert (registered.id, registered.configured) == (by_call.id, True)
        with pytest.raises(NotAllowedError):
            bench.remove(registered)
        assert bench.names() == ["a"]
        bench.reconfigure("")
        assert bench.refs() == []


def test_another_configuration_reads_the_same_files_anew(tmp_path: Path) -> None:
    with Bench(tmp_path, "[limits]\nyaml_depth = 3\n") as bench:
        bench.commit({FILE: documents(component("a"), component("b", {"x": {"y": {"z": {}}}}))})
        bench.register_git()
        assert bench.names() == ["a"]
        bench.reconfigure("")
        assert bench.names() == ["a", "b"]
        assert bench.annotation("a", "view-url") == bench.url()
        bench.hosts = ""
        bench.reconfigure("")
        assert bench.annotation("a", "view-url") is None
        bench.assert_rebuild_equal()


# Who may register what


@pytest.mark.parametrize(
    ("type_", "target"),
    [
        pytest.param("git", "https://169.254.169.254/latest.git", id="r010-an-address"),
        pytest.param("git", "https://unlisted.example/o/r.git", id="r010-a-host-that-is-not-listed"),
        pytest.param("git", "https://github.com:8443/o/r.git", id="r010-another-port"),
        pytest.param("git", "ssh://git@unlisted.example/o/r.git", id="r010-another-transport"),
        pytest.param("git", "git@unlisted.example:o/r.git", id="r010-the-short-form-of-ssh"),
        pytest.param("url", "https://unlisted.example/o/r/blob/main/x.yaml", id="r010-a-page"),
        pytest.param("git", "file:///DISK/r.git", id="r030-a-folder"),
        pytest.param("git", "FILE:///DISK/r.git", id="r030-a-folder-in-capitals"),
        pytest.param("git", "file://localhost/DISK/r.git", id="r030-a-folder-of-this-host"),
        pytest.param("url", "file:///DISK/r.git/blob/main/x.yaml", id="r030-a-file"),
        pytest.param("url", "FILE:///DISK/r.git/blob/main/x.yaml", id="r030-a-file-in-capitals"),
    ],
)
def test_a_client_registers_only_what_the_configuration_lists(
    bench: Bench, type_: Literal["url", "git"], target: str
) -> None:
    repository = RepoBuilder(bench.folder / "disk" / "r.git")
    if not repository.head():
        repository.commit({FILE: component("secret"), "x.yaml": component("secret")})
    with pytest.raises((InputError, NotAllowedError)):
        bench.catalog.service.add_location(
            type_, target.replace("/DISK", str(bench.folder / "disk")), actor="a token", owner=False
        )
    assert bench.catalog.service.locations() == []


def test_a_client_registers_listed_hosts_and_local_roots(tmp_path: Path) -> None:
    git = f'[git]\nprotocols = ["https", "file"]\npoll_interval = "1h"\nlocal_roots = ["{tmp_path / "roots"}"]\n'
    inside = RepoBuilder(tmp_path / "roots/r.git")
    inside.commit({FILE: component("a")})
    with Bench(tmp_path / "bench", git) as bench:
        bench.commit({FILE: component("b")})
        service = bench.catalog.service
        service.add_location("git", inside.url, actor="a token", owner=False)
        service.add_location("url", bench.url(), actor="a token", owner=False)
        bench.catalog.settle()
        assert bench.names() == ["a", "b"]
        (tmp_path / "roots/link").symlink_to(tmp_path)
        outside = (tmp_path / "roots/link/other.git").as_uri()
        with pytest.raises(NotAllowedError):
            service.add_location("git", outside, actor="a token", owner=False)


# One location's failure is its own


BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "bomb.yaml": BOMB,
    "deep.yaml": "[" * 100_000,
    "many.yaml": "---\n" * 20_000,
    "odd.yaml": "a: !!python/object:x {}",
}


def test_r084_broken_slow_and_hostile_repositories_delay_nobody(tmp_path: Path) -> None:
    git = '[git]\nprotocols = ["https", "http", "file"]\npoll_interval = "1h"\nwatch = false\n'
    waiting = threading.Semaphore(0)

    def slow(connection: socket.socket, ended: threading.Event) -> None:
        waiting.release()
        say_nothing(connection, ended)

    with Bench(tmp_path, git) as bench:
        bench.commit({FILE: component("a"), **HOSTILE}, "hostile")
        bench.commit({FILE: component("h0")}, "healthy")
        healthy = bench.register_git("healthy")
        service = bench.catalog.service
        with ExitStack() as servers:
            ports = [servers.enter_context(tcp_server(slow)) for _ in range(3)]
            for number, port in enumerate(ports):
                service.add_location("git", f"http://127.0.0.1:{port}/{number}.git", actor="test", owner=True)
                assert waiting.acquire(timeout=30)
            service.add_location("git", (tmp_path / "nowhere.git").as_uri(), actor="test", owner=True)
            url = bench.repository("hostile").url
            hostile = service.add_location("git", url, paths=["*.yaml"], actor="test", owner=True)
            changes = service.subscribe()
            for number in range(1, 4):
                bench.commit({FILE: component(f"h{number}")}, "healthy")
                service.refresh([healthy.id])
                while f"h{number}" not in bench.names():
                    assert changes.get(15) is not None
            changes.close()
            stuck = [name for name in service.standing.status().busy if any(f":{port}/" in name for port in ports)]
            assert len(stuck) == 3  # they have not come back yet: nobody waited for them
        bench.catalog.settle()
        assert bench.names() == ["a", "h3"]
        assert bench.codes().keys() >= HOSTILE.keys()
        assert service.standing.location(hostile.id).error_code == ""
        assert service.standing.location(healthy.id).error_code == ""


def test_r084_a_location_that_cannot_be_walked_does_not_stop_another_of_its_repository(bench: Bench) -> None:
    target = bench.url("x.yaml", "away")
    bench.commit({"x.yaml": component("x")}, "away")
    bench.commit(
        {
            FILE: location("all", target, "./api.yaml"),
            "api.yaml": api("a", {"$text": "d.txt"}),
            "b.yaml": component("b"),
        }
    )
    bench.register()
    registered = bench.register_git(paths=["b.yaml"])
    back = moved_away(bench.repository("away"))
    bench.push({"b.yaml": component("c")})
    assert bench.names() == ["c", "x"]
    assert bench.errors(registered) == []
    back()


def test_a_second_registration_of_the_same_is_refused_also_at_the_same_time(bench: Bench) -> None:
    bench.commit({FILE: component("a")})
    results: list[Location | Exception] = []

    def register() -> None:
        try:
            results.append(bench.catalog.service.add_location("git", bench.repository().url, actor="test", owner=True))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=register) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.catalog.settle()
    (registered,) = (result for result in results if isinstance(result, Location))
    assert [str(error) for error in results if isinstance(error, Exception)] == [
        f"location {registered.location_ref} already exists"
    ] * 5
    assert bench.names() == ["a"]


def test_c112_a_location_that_is_removed_while_it_is_read_leaves_nothing(bench: Bench) -> None:
    bench.commit({f"{number}/catalog-info.yaml": component(f"c{number}") for number in range(300)})
    bench.commit({FILE: component("x")}, "other")
    bench.register_git("other")
    for _ in range(5):
        registered = bench.catalog.service.add_location("git", bench.repository().url, actor="test", owner=True)
        bench.remove(registered)
        bench.catalog.settle()
        assert bench.names() == ["x"]
