"""From a registered location over Location entities to files: what is read, what is not, and what that stops."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bench import BROKEN, Bench, component, documents, location
from tests.support.repository import RepoBuilder


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("fan-out")) as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The shared catalog, empty, with repositories of this test's own."""
    with shared.cleared(request.node.nodeid):
        yield shared


def test_c086_relative_targets_are_read(bench: Bench) -> None:
    bench.commit(
        {
            "x/catalog-info.yaml": location("all", "./a.yaml", "../b.yaml", "/c.yaml", "d.yaml"),
            "x/a.yaml": component("a"),
            "b.yaml": component("b"),
            "c.yaml": component("c"),
            "x/d.yaml": component("d"),
            "x/e.yaml": component("e"),
        }
    )
    registered = bench.register("x/catalog-info.yaml")
    assert bench.names() == ["a", "b", "c", "d"]
    assert bench.errors(registered) == bench.errors("location:default/all") == []


def test_c087_a_glob_is_followed_as_files_come_and_go(bench: Bench) -> None:
    bench.commit(
        {
            "catalog-info.yaml": location("all", "./more/*.yaml", "./deep/**/x.yaml"),
            "more/a.yaml": component("a"),
            "more/sub/no.yaml": component("no"),
            "deep/1/2/x.yaml": component("x"),
        }
    )
    bench.register()
    assert bench.names() == ["a", "x"]
    bench.push({"more/b.yaml": component("b"), "deep/1/2/x.yaml": None, "deep/x.yaml": component("y")})
    assert bench.names() == ["a", "b", "y"]


def test_c087_a_glob_in_the_registered_url(bench: Bench) -> None:
    bench.commit({"a/catalog-info.yaml": component("a"), "b/catalog-info.yaml": component("b")})
    bench.register("*/catalog-info.yaml")
    assert bench.names() == ["a", "b"]
    assert bench.annotation("b", "managed-by-location") == "url:" + bench.url("b/catalog-info.yaml").replace(
        "/blob/", "/tree/"
    )


@pytest.mark.parametrize(
    ("presence", "messages"),
    [
        pytest.param({}, 1, id="required"),
        pytest.param({"presence": "required"}, 1, id="required-by-name"),
        pytest.param({"presence": "optional"}, 0, id="optional"),
    ],
)
def test_c088_a_missing_target_is_an_error_unless_it_is_optional(
    bench: Bench, presence: dict[str, str], messages: int
) -> None:
    bench.commit({"catalog-info.yaml": location("all", "./late.yaml", "./none/*.yaml", **presence)})
    bench.register()
    errors = bench.errors("location:default/all")
    assert len(errors) == 2 * messages
    assert all(error.startswith("NotFoundError: ") for error in errors)
    bench.push({"late.yaml": component("late")})
    assert bench.names() == ["late"]
    assert len(bench.errors("location:default/all")) == messages


def test_c088_each_location_answers_for_its_own_targets(bench: Bench) -> None:
    bench.commit(
        {
            "catalog-info.yaml": documents(
                location("easy", "./gone.yaml", presence="optional"),
                location("strict", "./gone.yaml"),
                location("strict-too", "./gone.yaml"),
            )
        }
    )
    bench.register()
    assert [len(bench.errors(f"location:default/{name}")) for name in ("easy", "strict", "strict-too")] == [0, 1, 1]


def test_c089_a_relative_target_is_read_at_the_very_commit(bench: Bench) -> None:
    first = bench.commit({"catalog-info.yaml": location("all", "./a.yaml", type="file"), "a.yaml": component("old")})
    bench.register(ref=first)
    bench.push({"a.yaml": component("new")})
    assert bench.names() == ["old"]


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("./", id="c090-folder"),
        pytest.param("../up.yaml", id="c089-above-the-root"),
        pytest.param("https://elsewhere.example/o/r/blob/main/x.yaml", id="r030-unlisted-host"),
        pytest.param("file:///etc/passwd", id="r030-file-system"),
        pytest.param("./[x.yaml", id="c087-no-pattern"),
        pytest.param("./gone.yaml", id="c092-missing"),
        pytest.param("https://git.example.test/nobody/nothing/blob/main/x.yaml", id="c092-no-repository"),
        pytest.param("https://github.com/nobody/nothing/blob/main/x.yaml", id="c092-no-repository-on-another-host"),
    ],
)
def test_a_target_that_cannot_be_followed_stops_nothing(bench: Bench, target: str) -> None:
    bench.commit(
        {
            "catalog-info.yaml": location("all", "./a.yaml", target, "./b.yaml"),
            "a.yaml": component("a"),
            "b.yaml": component("b"),
        }
    )
    bench.register()
    assert bench.names() == ["a", "b"]
    assert len(bench.errors("location:default/all")) == 1
    bench.push({"a.yaml": component("renamed"), "b.yaml": None})
    assert bench.names() == ["renamed"]


def test_c092_a_branch_that_is_missing_stops_nothing_else_of_its_repository(bench: Bench) -> None:
    other = bench.url("x.yaml", ref="no-such-branch")
    bench.commit({"catalog-info.yaml": location("all", "./a.yaml", other), "a.yaml": component("a")})
    bench.register()
    assert bench.names() == ["a"]
    assert len(bench.errors("location:default/all")) == 1
    bench.push({"a.yaml": component("b")})
    assert bench.names() == ["b"]
    bench.push({"catalog-info.yaml": location("all", other), "a.yaml": None})
    assert bench.names() == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(documents(component("a"), BROKEN, component("c")), ["a", "c"], id="no-yaml"),
        pytest.param(documents(component("a"), component("B b"), component("c")), ["a", "c"], id="bad-name"),
        pytest.param(documents(component("a"), "just text", component("c")), ["a", "c"], id="no-mapping"),
    ],
)
def test_c091_one_bad_document_does_not_stop_its_siblings(bench: Bench, text: str, names: list[str]) -> None:
    bench.commit(
        {"catalog-info.yaml": location("all", "./x.yaml", "./y.yaml"), "x.yaml": text, "y.yaml": component("y")}
    )
    registered = bench.register()
    assert bench.names() == [*names, "y"]
    assert len(bench.errors("location:default/all")) == 1
    assert "x.yaml:" in bench.errors("location:default/all")[0]
    assert bench.errors(registered) == []


def test_c091_the_registration_shows_what_is_wrong_with_its_file(bench: Bench) -> None:
    bench.commit({"catalog-info.yaml": documents(component("a"), component("B b"))})
    registered = bench.register()
    assert len(bench.errors(registered)) == 1
    bench.push({"catalog-info.yaml": component("a")})
    assert bench.errors(registered) == []


def test_c092_a_location_file_that_breaks_keeps_its_targets(bench: Bench) -> None:
    bench.commit({"catalog-info.yaml": location("all", "./a.yaml", "./b/*.yaml"), "a.yaml": component("a")})
    registered = bench.register()
    bench.push({"catalog-info.yaml": BROKEN})
    assert bench.refs() == ["component:default/a", "location:default/all"]
    assert len(bench.errors(registered)) == 1
    bench.push({"a.yaml": component("a", title="Still read"), "b/b.yaml": component("b")})
    assert bench.names() == ["a", "b"]
    assert bench.entity("a")["metadata"]["title"] == "Still read"
    bench.assert_rebuild_equal()
    bench.push({"catalog-info.yaml": location("all", "./b/*.yaml")})
    assert bench.names() == ["b"]
    assert bench.errors("location:default/all") == []


# Other repositories


def test_c080_a_location_leads_to_other_repositories_and_hosts(bench: Bench) -> None:
    hub = bench.repository("hub", place="hub")
    hub.commit({"h.yaml": location("hub", "./i.yaml"), "i.yaml": component("i")})
    target = f"https://github.com/{bench.owner}/hub/blob/main/h.yaml"
    bench.commit({"x.yaml": component("x"), "more/y.yaml": component("y")}, "other")
    bench.commit(
        {"catalog-info.yaml": location("all", bench.url("x.yaml", "other"), bench.url("*/*.yaml", "other"), target)}
    )
    registered = bench.register()
    assert bench.names() == ["i", "x", "y"]
    assert bench.annotation("i", "managed-by-origin-location") == registered.location_ref
    bench.push({"x.yaml": component("x2")}, "other")
    hub.commit({"i.yaml": component("i2")})
    bench.catalog.sync()
    assert bench.names() == ["i2", "x2", "y"]
    bench.push({"catalog-info.yaml": location("all", target)})
    assert bench.names() == ["i2"]


def test_r019_a_repository_that_breaks_off_keeps_what_is_read_through_it(bench: Bench) -> None:
    bench.commit({"deep.yaml": component("deep")}, "third")
    bench.commit({"b.yaml": location("second", bench.url("deep.yaml", "third"))}, "second")
    bench.commit({"catalog-info.yaml": location("first", bench.url("b.yaml", "second")), "a.yaml": component("a")})
    bench.register()
    second = bench.repository("second").path
    second.rename(second.with_name("away"))
    bench.push({"catalog-info.yaml": location("first", bench.url("b.yaml", "second"), "./a.yaml")})
    bench.push({"deep.yaml": component("deeper")}, "third")
    assert bench.names() == ["a", "deeper"]
    assert len(bench.errors("location:default/first")) == 1
    second.with_name("away").rename(second)
    bench.push({"b.yaml": location("second")}, "second")
    assert bench.names() == ["a"]
    assert bench.errors("location:default/first") == []


def test_r019_a_mirror_that_is_lost_while_its_remote_is_away_takes_nothing_with_it(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.commit({"deep.yaml": component("deep")}, "second")
        bench.commit(
            {"catalog-info.yaml": documents(location("all", bench.url("deep.yaml", "second")), component("a"))}
        )
        bench.register()
        bench.register_git("shop", paths=["*.yaml"])
        mirrors = [url.parent for url in (tmp_path / "state/mirrors").glob("*/url") if "shop" in url.read_text()]
        bench.catalog.stop()
        for mirror in mirrors:
            mirror.rename(tmp_path / "lost")
        remote = bench.repository().path
        remote.rename(remote.with_name("away"))
        bench.catalog.start()
        assert bench.refs() == ["component:default/a", "component:default/deep", "location:default/all"]
        bench.push({"deep.yaml": component("deeper")}, "second")
        assert bench.names() == ["a", "deeper"]
        remote.with_name("away").rename(remote)
        bench.push({"catalog-info.yaml": BROKEN})
        assert bench.names() == ["a", "deeper"]
        bench.push({"catalog-info.yaml": component("b")})
        assert bench.names() == ["b"]


# Cycles and bounds


@pytest.mark.parametrize(
    "targets", [["./catalog-info.yaml"], ["./b.yaml"], ["./*.yaml"], ["/catalog-info.yaml", "./b.yaml"]]
)
def test_r030_a_cycle_in_a_repository_ends(bench: Bench, targets: list[str]) -> None:
    bench.commit(
        {
            "catalog-info.yaml": documents(location("first", *targets), component("a")),
            "b.yaml": documents(location("second", "./catalog-info.yaml", "./*.yaml"), component("b")),
        }
    )
    bench.register()
    assert bench.names() == (["a"] if targets == ["./catalog-info.yaml"] else ["a", "b"])
    assert bench.catalog.problems() == []


def test_r030_repositories_that_point_at_each_other_end(bench: Bench) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        bench.commit(
            {"catalog-info.yaml": documents(location(name, bench.url(name=other)), component(f"c-{name}"))}, name
        )
    first, second = bench.register(name="one"), bench.register(name="two")
    assert bench.names() == ["c-one", "c-two"]
    assert bench.catalog.problems() == []
    assert bench.annotation("c-two", "managed-by-origin-location") == first.location_ref
    bench.push({"catalog-info.yaml": component("c-one")}, "one")
    assert bench.annotation("c-two", "managed-by-origin-location") == second.location_ref
    bench.assert_rebuild_equal()


def chain(length: int) -> dict[str, str]:
    """Files that lead to each other, each with a Component: `catalog-info.yaml`, `1.yaml`, `2.yaml`, …"""
    names = ["catalog-info.yaml", *(f"{number}.yaml" for number in range(1, length + 1))]
    return {
        path: documents(
            component(f"c{number}"), *([location(f"l{number}", names[number + 1])] if number < length else [])
        )
        for number, path in enumerate(names)
    }


@pytest.mark.parametrize("length", [pytest.param(5, id="as-deep-as-allowed"), pytest.param(7, id="deeper")])
def test_r030_depth_is_bounded(bench: Bench, length: int) -> None:
    bench.commit(chain(length))
    bench.register()
    assert bench.names() == [f"c{number}" for number in range(6)]
    expected = {} if length == 5 else {"6.yaml": {"location.too_many_depth"}}
    assert bench.codes() == expected
    assert (len(bench.errors("location:default/l5")) if length > 5 else 0) == len(expected)


def test_r030_the_files_and_targets_of_one_location_are_bounded(tmp_path: Path) -> None:
    limits = "[limits]\nmatched_files = 5\nlocation_descendants = 8\nlocation_depth = 2\n"
    with Bench(tmp_path, limits) as bench:
        many = [f"{number}.yaml" for number in range(9)]
        bench.commit({"catalog-info.yaml": location("all", *many)} | {path: component(path[0]) for path in many})
        registered = bench.register()
        assert bench.names() == ["0", "1", "2", "3"]  # with the Location's own file these are five
        assert {code for codes in bench.codes().values() for code in codes} == {
            "location.too_many_files",
            "location.too_many_targets",
        }
        assert all("[limits]" in problem.hint for problem in bench.catalog.problems())
        assert len(bench.errors("location:default/all")) == 2
        bench.remove(registered)
        targets = ("./a.yaml", "./b.yaml", "./c.yaml")
        bench.push({f"{number}.yaml": location(f"l{number}", *targets, presence="optional") for number in range(4)})
        bench.register_git(paths=["[0-9].yaml"])
        codes = sorted(problem.code for problem in bench.catalog.problems())  # each Location says it once
        assert codes == ["git.too_many_files", "location.too_many_targets", "location.too_many_targets"]
        bench.assert_rebuild_equal()


def test_r030_a_tree_with_too_many_files_removes_nothing(tmp_path: Path) -> None:
    with Bench(tmp_path, "[limits]\ntree_entries = 40\n") as bench:
        bench.commit(
            {"catalog-info.yaml": documents(component("a"), location("all", "./b.yaml")), "b.yaml": component("b")}
        )
        registered = bench.register_git()
        bench.push({f"z{number}/x.txt": "x" for number in range(60)})
        assert bench.names() == ["a", "b"]
        assert len(bench.errors(registered)) == 1
        bench.push(
            {f"z{number}/x.txt": None for number in range(60)} | {"b.yaml": None, "catalog-info.yaml": component("c")}
        )
        assert bench.names() == ["c"]
        assert bench.catalog.problems() == []


# Several ways to one file


def test_c113_one_file_by_several_ways_is_one_source(bench: Bench) -> None:
    bench.commit({"catalog-info.yaml": location("all", "./a.yaml", bench.url("a.yaml")), "a.yaml": component("a")})
    first = bench.register("a.yaml")
    second = bench.register()
    third = bench.register_git(paths=["*.yaml", "a.yaml"])
    assert bench.refs() == ["component:default/a", "location:default/all"]
    assert bench.catalog.problems() == []
    assert bench.annotation("a", "managed-by-origin-location") == first.location_ref
    bench.remove(first)
    assert bench.annotation("a", "managed-by-origin-location") == second.location_ref
    bench.remove(second)
    assert bench.annotation("a", "managed-by-origin-location") == third.location_ref
    bench.remove(third)
    assert bench.refs() == []


def test_c114_a_child_with_the_ref_of_its_parent_is_ignored(bench: Bench) -> None:
    bench.commit(
        {
            "catalog-info.yaml": location("all", "./a.yaml"),
            "a.yaml": documents(location("ALL", "./b.yaml"), component("a")),
            "b.yaml": component("b"),
        }
    )
    bench.register()
    assert bench.refs() == ["component:default/a", "location:default/all"]
    assert bench.catalog.problems() == []


def test_a_repository_registered_by_a_path_on_disk_has_relative_targets_only(bench: Bench) -> None:
    repository = RepoBuilder(bench.folder / "disk" / f"{bench.owner}.git")
    repository.commit(
        {
            "x/catalog-info.yaml": location("all", "./a.yaml", repository.url + "/blob/main/b.yaml"),
            "x/a.yaml": component("a"),
            "b.yaml": component("b"),
        }
    )
    bench.catalog.add(f"{repository.url}/blob/main/x/catalog-info.yaml", "url")
    assert bench.names() == ["a"]
    assert len(bench.errors("location:default/all")) == 1
    assert bench.annotation("a", "managed-by-location") == f"url:{repository.url}/blob/main/x/a.yaml"
