"""What readers get of an entity that a repository says: relations from both ends, origin, status, identity, winners."""

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.bench import BROKEN, FILE, Bench, api, component, documents, entity, location
from tests.support.repository import Odd, RepoBuilder
from tests.support.shop import SHOP_LOCATION, SHOP_YAML

ME = "component:default/me"
API = "api:default/a"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("ingestion")) as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The shared catalog, empty, with repositories of this test's own."""
    with shared.cleared(request.node.nodeid):
        yield shared


# Relations


def test_c064_c065_c066_the_fixtures_relations(bench: Bench) -> None:
    bench.owner = "acme"
    bench.commit({FILE: SHOP_YAML})
    bench.register()
    assert bench.arrows("checkout") == [
        ("dependsOn", "component:default/pricing"),
        ("dependsOn", "resource:default/cart-db"),
        ("hasPart", "component:default/pricing"),
        ("ownedBy", "group:default/team-cart"),
        ("partOf", "system:default/storefront"),
        ("providesApi", "api:default/checkout-api"),
    ]
    assert all(relation.keys() == {"type", "targetRef"} for relation in bench.entity("checkout")["relations"])
    assert bench.entity(SHOP_LOCATION)["relations"] == []


PAIRS = (
    pytest.param(
        component("me", {"dependencyOf": ["component:q"]}),
        "dependencyOf",
        component("q"),
        "dependsOn",
        False,
        id="c069",
    ),
    pytest.param(component("me", {"subcomponentOf": "q"}), "partOf", component("q"), "hasPart", False, id="c070"),
    pytest.param(
        entity("Domain", "me", {"owner": "o", "subdomainOf": "q"}),
        "partOf",
        entity("Domain", "q", {"owner": "o"}),
        "hasPart",
        False,
        id="c071",
    ),
    pytest.param(
        entity("Group", "me", {"type": "team", "children": [], "parent": "q"}),
        "childOf",
        entity("Group", "q", {"type": "team", "children": ["ME"]}),
        "parentOf",
        True,
        id="c072",
    ),
    pytest.param(
        entity("Group", "me", {"type": "team", "children": [], "members": ["q"]}),
        "hasMember",
        entity("User", "q", {"memberOf": []}),
        "memberOf",
        False,
        id="c073",
    ),
    pytest.param(
        component("me", {"system": "q"}, namespace="edge"),
        "partOf",
        entity("System", "q", {"owner": "o"}, namespace="edge"),
        "hasPart",
        False,
        id="c078",
    ),
)


@pytest.mark.parametrize(("mine", "there", "other", "back", "stays"), PAIRS)
def test_an_arrow_is_on_both_ends_and_goes_with_its_origin(
    bench: Bench, mine: str, there: str, other: str, back: str, stays: bool
) -> None:
    bench.commit({"me.yaml": mine}, "mine")
    bench.commit({"q.yaml": other}, "other")
    origin = bench.register("me.yaml", "mine")
    (me,) = bench.refs()
    (target,) = (target for type_, target in bench.arrows(me) if type_ == there)  # C74: it need not be there
    bench.register("q.yaml", "other")
    assert target in bench.refs()
    assert [arrow for arrow in bench.arrows(me) if arrow[0] == there] == [(there, target)]
    assert [arrow for arrow in bench.arrows(target) if arrow[0] == back] == [(back, me)]  # C75
    bench.remove(origin)
    assert ((back, me) in bench.arrows(target)) == stays  # C76: what the target says itself stays


def test_c068_a_ref_without_kind_refuses_the_entity_and_its_arrows(bench: Bench) -> None:
    group = entity("Group", "team", {"type": "t", "children": []})
    bench.commit({FILE: documents(component("me", {"dependsOn": ["db"]}), group)})
    registered = bench.register()
    assert bench.refs() == ["group:default/team"]
    assert bench.arrows("group:default/team") == []
    assert len(bench.errors(registered)) == 1


def test_c076_an_arrow_moves_with_a_push(bench: Bench) -> None:
    bench.commit({FILE: documents(component("me", {"subcomponentOf": "a"}), component("a"), component("b"))})
    bench.register()
    bench.push({FILE: documents(component("me", {"subcomponentOf": "b"}), component("a"), component("b"))})
    assert ("hasPart", ME) not in bench.arrows("a")
    assert ("hasPart", ME) in bench.arrows("b")


# Where an entity comes from


def test_c079_c080_registration_and_file(bench: Bench) -> None:
    bench.commit({FILE: location("all", "./x/a.yaml"), "x/a.yaml": component("a")})
    registered = bench.register()
    name = hashlib.sha1(f"url:{bench.url()}".encode()).hexdigest()
    generated = bench.entity(f"location:default/generated-{name}")
    assert generated["spec"] == {"type": "url", "target": bench.url()}
    assert generated["metadata"]["annotations"]["backstage.io/managed-by-location"] == registered.location_ref
    assert bench.annotation("a", "managed-by-location") == "url:" + bench.url("x/a.yaml").replace("/blob/", "/tree/")
    assert bench.annotation("a", "managed-by-origin-location") == registered.location_ref == f"url:{bench.url()}"


def test_c080_a_file_of_a_repository(bench: Bench) -> None:
    bench.commit({"deep/x/catalog-info.yml": component("a")})
    registered = bench.register_git()
    clone = bench.repository().url
    assert bench.annotation("a", "managed-by-location") == f"git:{clone}#main:deep/x/catalog-info.yml"
    assert bench.annotation("a", "managed-by-origin-location") == registered.location_ref == f"git:{clone}"
    assert bench.annotation("a", "view-url") == bench.url("deep/x/catalog-info.yml")  # the host that leads there


WRITTEN = {
    "backstage.io/managed-by-location": "url:https://x",
    "backstage.io/managed-by-origin-location": "url:https://x",
}


def test_c081_c082_what_the_file_says_of_its_origin(bench: Bench) -> None:
    annotations = WRITTEN | {"backstage.io/view-url": "https://mine.example/view"}
    bench.commit({FILE: component("a", annotations=annotations)})
    bench.register()
    assert bench.annotation("a", "managed-by-location") == f"url:{bench.url()}"
    assert bench.annotation("a", "managed-by-origin-location") == f"url:{bench.url()}"
    assert bench.annotation("a", "view-url") == "https://mine.example/view"


def test_c083_c084_pages_of_a_branch_and_of_a_commit(bench: Bench) -> None:
    commit = bench.commit({"x/a.yaml": component("a"), "x/b.yaml": component("b")})
    bench.register("x/a.yaml")
    bench.register("x/b.yaml", ref=commit)
    assert bench.annotation("a", "edit-url") == bench.url("x/a.yaml").replace("/blob/", "/edit/")
    assert bench.annotation("a", "source-location") == f"url:{bench.url('x/').replace('/blob/', '/tree/')}"
    assert bench.annotation("b", "edit-url") is None
    assert bench.annotation("b", "view-url") == bench.url("x/b.yaml", ref=commit)


def test_c085_c108_a_repository_on_disk(bench: Bench) -> None:
    repository = RepoBuilder(bench.folder / "disk" / f"{bench.owner}.git")
    repository.commit({"x/a.yaml": api("a", {"$text": "./d.txt"}), "x/d.txt": "text", "x/d": "none"})
    url = f"{repository.url}/blob/main/x/a.yaml"
    bench.catalog.add(url, "url")
    assert bench.entity(API)["spec"]["definition"] == "text"
    assert bench.annotation(API, "managed-by-location") == f"url:{url}"
    assert (bench.annotation(API, "edit-url"), bench.annotation(API, "source-location")) == (None, None)


@pytest.mark.parametrize("name", ["view-url", "edit-url"])
def test_c117_a_script_is_no_url(bench: Bench, name: str) -> None:
    bench.commit({FILE: component("a", annotations={f"backstage.io/{name}": "java\nscript:alert(1)"})})
    bench.register()
    assert "script" not in (bench.annotation("a", name) or "script")


# Placeholders


BESIDE = {
    "x.txt": "plain\n",
    "x.json": '{"a": [1]}',
    "x.yaml": "a: yes\n",
    "two.yaml": "a: 1\n---\nb: 2\n",
    "latin.txt": b"\xe9",
}


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param({"$text": "./x.txt"}, "plain\n", id="c102"),
        pytest.param({"$text": "https://git.example.test/OWNER/shop/blob/main/x.txt"}, "plain\n", id="c102-by-its-url"),
        pytest.param({"$json": "./x.json"}, None, id="c103-a-structure-is-no-text"),
    ],
)
def test_a_placeholder_is_filled_in(bench: Bench, definition: dict[str, str], expected: str | None) -> None:
    asked = {key: target.replace("OWNER", bench.owner) for key, target in definition.items()}
    bench.commit({FILE: api("a", asked), **BESIDE})
    bench.register()
    assert bench.refs() == ([API] if expected else [])
    if expected:
        assert bench.entity(API)["spec"]["definition"] == expected


LEFT_ALONE: dict[str, Any] = {"two": {"$text": "x.txt", "b": {"$text": "x.txt"}}, "unknown": {"$foo": "x"}}


def test_c103_c104_c105_structures_and_what_is_left_alone(bench: Bench) -> None:
    spec = {"json": {"$json": "x.json"}, "yaml": {"$yaml": "x.yaml"}, "list": [{"$text": "x.txt"}], **LEFT_ALONE}
    bench.commit({FILE: component("a", spec), **BESIDE})
    bench.register()
    found = bench.entity("a")["spec"]
    assert (found["json"], found["yaml"], found["list"]) == ({"a": [1]}, {"a": "yes"}, ["plain\n"])
    assert {key: found[key] for key in LEFT_ALONE} == LEFT_ALONE


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param({"$yaml": "./two.yaml"}, id="c103-two-documents"),
        pytest.param({"$text": 5}, id="c106-a-number"),
        pytest.param({"$text": "https://git.example.test/OWNER/other/blob/main/x.txt"}, id="c107-another-repository"),
        pytest.param({"$text": "https://git.example.test/OWNER/shop/blob/dev/x.txt"}, id="c107-another-branch"),
        pytest.param({"$text": "../x.txt"}, id="c108-above-the-root"),
        pytest.param({"$text": "./gone.txt"}, id="c102-missing"),
        pytest.param({"$text": "./latin.txt"}, id="c102-no-utf-8"),
        pytest.param({"$text": "./link.txt"}, id="r016-symbolic-link"),
        pytest.param({"$text": "file:///etc/passwd"}, id="r031-file-system"),
    ],
)
def test_a_placeholder_that_cannot_be_filled_in_refuses_its_entity_only(
    bench: Bench, definition: dict[str, Any]
) -> None:
    asked = {
        key: value.replace("OWNER", bench.owner) if isinstance(value, str) else value
        for key, value in definition.items()
    }
    bench.commit({"x.txt": "other"}, "other")
    bench.commit({FILE: documents(api("a", asked), component("b")), "link.txt": Odd("120000", "x.txt"), **BESIDE})
    registered = bench.register()
    assert bench.refs() == ["component:default/b"]
    (error,) = bench.errors(registered)
    assert "spec.definition" in error


def test_c102_a_placeholders_file_changes_goes_and_comes_back(bench: Bench) -> None:
    bench.commit({FILE: documents(api("a", {"$text": "./d.txt"}), component("b")), "d.txt": "first"})
    bench.register()
    for text, shown in (("second", "second"), (None, "second"), ("third", "third"), ("third", "third")):
        bench.push({"d.txt": text, "other.txt": str(shown) + str(text)})
        assert bench.entity(API)["spec"]["definition"] == shown
        assert bool(bench.errors(API)) == (text is None)
        assert bench.refs() == [API, "component:default/b"]
        bench.assert_rebuild_equal()


# Status, and what stays in force


BREAKAGES = (
    pytest.param({FILE: BROKEN}, id="no-yaml"),
    pytest.param({FILE: b"\x00\xff\xfe"}, id="no-text"),
    pytest.param({FILE: component("a").replace("service", "")}, id="no-valid-entity"),
    pytest.param({FILE: component("a", labels={"Foo": "x", "foo": "y"})}, id="c145-keys-that-differ-in-case-only"),
    pytest.param({FILE: "# " + "x" * 5_000_000}, id="r014-too-large"),
    pytest.param({FILE: documents(component("b"), component("a").replace("service", ""))}, id="beside-a-good-one"),
    pytest.param({FILE: "&a [*a]"}, id="a-cycle"),
)


@pytest.mark.parametrize("files", BREAKAGES)
def test_c094_c095_c096_a_file_that_breaks_keeps_its_entity(bench: Bench, files: dict[str, str | bytes]) -> None:
    bench.commit({FILE: component("a", title="good", tags=["x"]), "x.yaml": component("x", {"subcomponentOf": "a"})})
    registered = bench.register_git(paths=[FILE, "x.yaml"])
    good = bench.entity("a")
    assert "status" not in good
    bench.commit(files)
    bench.catalog.sync()
    kept = bench.entity("a")
    errors = bench.errors("a")
    assert len(errors) == 1
    assert FILE in errors[0]
    assert bench.errors(registered) == errors
    assert {key: value for key, value in kept.items() if key not in ("status", "metadata")} == {
        key: value for key, value in good.items() if key != "metadata"
    }
    assert {**kept["metadata"], "etag": ""} == {**good["metadata"], "etag": ""}  # no orphan mark
    assert bench.catalog.outcomes()["retained"] == 1
    bench.assert_rebuild_equal()
    bench.push({FILE: component("a", title="good", tags=["x"])})
    assert bench.entity("a") == good  # and its etag is what it was
    assert bench.errors(registered) == []


def test_c094_a_broken_file_keeps_only_what_it_may_still_say(bench: Bench) -> None:
    bench.commit({FILE: documents(component("a"), component("b"), component("c")), "x.yaml": component("x")})
    bench.register_git(paths=["*.yaml"])
    bench.push({FILE: documents(component("a", title="new"), component("b").replace("service", ""))})
    assert bench.names() == ["a", "b", "x"]  # c was dropped from a file of which every document has a name
    assert bench.entity("a")["metadata"]["title"] == "new"
    bench.push({FILE: documents(component("a"), BROKEN)})
    assert bench.names() == ["a", "b", "x"]
    bench.push(
        {FILE: documents(component("a"), BROKEN), "x.yaml": documents(component("x"), component("b", title="moved"))}
    )
    assert bench.entity("b")["metadata"]["title"] == "moved"
    assert bench.errors("b") == []
    bench.assert_rebuild_equal()
    bench.push({FILE: None, "x.yaml": component("x")})
    assert bench.names() == ["x"]


def test_c094_a_file_that_never_was_good_says_nothing(bench: Bench) -> None:
    bench.commit({FILE: component("a").replace("service", "")})
    registered = bench.register()
    assert bench.refs() == []
    assert len(bench.errors(registered)) == 1


# Winners


def test_c109_priority_then_registration_then_path(bench: Bench) -> None:
    for name in ("low", "first", "second"):
        bench.commit({"b.yaml": component("a", title=f"{name} b"), "a.yaml": component("A", title=f"{name} a")}, name)
    low = bench.register_git("low", paths=["*.yaml"], priority=-1)
    first = bench.register_git("first", paths=["*.yaml"])
    second = bench.register_git("second", paths=["*.yaml"])
    top = bench.register("b.yaml", "second", priority=7)
    order = []
    for winner in (top, first, second, low):
        order.append(bench.entity("a")["metadata"]["title"])
        bench.remove(winner)
    assert order == ["second b", "first a", "second a", "low a"]
    assert bench.refs() == []


def test_c109_a_conflict_is_shown_on_both_and_the_other_takes_over(bench: Bench) -> None:
    bench.commit({FILE: component("a", title="first"), "x.yaml": component("x")}, "first")
    bench.commit({FILE: documents(component("y"), component("a", title="second"))}, "second")
    first, second = bench.register(name="first"), bench.register(name="second")
    problems = [problem for problem in bench.catalog.problems() if problem.code == "conflict"]
    assert {(problem.location, problem.ref, problem.line) for problem in problems} == {
        (first.id, "component:default/a", 1),
        (second.id, "component:default/a", 3),
    }
    for problem in problems:
        assert bench.repository("first" if problem.location == second.id else "second").url in problem.message
    assert len(bench.errors(first)) == len(bench.errors(second)) == 1
    details = bench.catalog.service.catalog.details("component:default/a")
    assert details is not None
    assert len(details.problems) == 2
    bench.assert_rebuild_equal()
    bench.push({FILE: component("z")}, "first")
    assert bench.entity("a")["metadata"]["title"] == "second"
    assert bench.annotation("a", "managed-by-origin-location") == second.location_ref
    assert bench.catalog.problems() == []
    bench.push({FILE: component("a", title="first again")}, "first")
    assert bench.entity("a")["metadata"]["title"] == "first again"
    bench.assert_rebuild_equal()


def test_c109_arrows_of_a_loser_do_not_count(bench: Bench) -> None:
    bench.commit({FILE: component("a", {"subcomponentOf": "x"})}, "first")
    bench.commit({FILE: component("a", {"subcomponentOf": "y"})}, "second")
    bench.commit({FILE: documents(component("x"), component("y"))}, "others")
    first = bench.register(name="first")
    bench.register(name="second")
    bench.register(name="others")
    arrow = ("hasPart", "component:default/a")
    assert (arrow in bench.arrows("x"), arrow in bench.arrows("y")) == (True, False)
    bench.remove(first)
    assert (arrow in bench.arrows("x"), arrow in bench.arrows("y")) == (False, True)


def test_c109_twice_in_one_file_the_first_wins(bench: Bench) -> None:
    bench.commit({FILE: documents(component("a", title="first"), component("a", title="second"))})
    registered = bench.register()
    assert bench.entity("a")["metadata"]["title"] == "first"
    assert len(bench.errors(registered)) == 2
    assert bench.catalog.outcomes() == {"entity": 1, "conflict": 1}


def test_c110_names_that_differ_in_case_are_one_entity(bench: Bench) -> None:
    bench.commit({FILE: documents(component("Me", {"subcomponentOf": "OTHER"}), component("other"))})
    bench.register()
    assert bench.names() == ["me", "other"]
    assert bench.entity("me")["metadata"]["name"] == "Me"
    assert ("hasPart", ME) in bench.arrows("other")
    bench.push({FILE: documents(component("ME"), component("other"))})
    assert bench.entity("me")["metadata"]["name"] == "ME"
    assert bench.catalog.problems() == []


# Coming, moving, going


def test_c111_an_entity_that_is_dropped_is_gone(bench: Bench) -> None:
    bench.commit({FILE: documents(component("a"), component("b")), "x.yaml": component("x")})
    bench.register_git(paths=["*.yaml"])
    bench.push({FILE: component("a")})
    assert bench.names() == ["a", "x"]
    bench.push({"x.yaml": None})
    assert bench.names() == ["a"]
    bench.push({FILE: ""})
    assert bench.names() == []
    assert bench.catalog.problems() == []


def test_c112_a_removed_location_takes_everything_with_it(bench: Bench) -> None:
    bench.commit({FILE: documents(location("all", "./a.yaml"), component("x")), "a.yaml": component("a")})
    registered = bench.register()
    assert bench.names() == ["a", "x"]
    bench.remove(registered)
    assert bench.refs() == []
    with pytest.raises(KeyError):
        bench.entity(registered.entity_ref)


def test_c113_what_another_location_reaches_stays(bench: Bench) -> None:
    bench.commit({FILE: location("all", "./a.yaml", "./b.yaml"), "a.yaml": component("a"), "b.yaml": component("b")})
    first = bench.register()
    bench.register("a.yaml")
    bench.remove(first)
    assert bench.refs() == ["component:default/a"]


def test_c109_an_entity_moves_between_files_and_repositories(bench: Bench) -> None:
    bench.commit({"x.yaml": documents(component("a", title="1"), component("x"))}, "one")
    bench.commit({"y.yaml": component("y")}, "two")
    bench.register_git("one", paths=["*.yaml"])
    bench.register_git("two", paths=["*.yaml"])
    bench.push({"x.yaml": component("x"), "z.yaml": component("a", title="2")}, "one")
    assert bench.entity("a")["metadata"]["title"] == "2"
    assert bench.annotation("a", "managed-by-location") == f"git:{bench.repository('one').url}#main:z.yaml"
    bench.push({"y.yaml": component("a", title="3")}, "two")
    assert bench.entity("a")["metadata"]["title"] == "2"
    bench.push({"z.yaml": None}, "one")
    assert bench.entity("a")["metadata"]["title"] == "3"
    assert bench.catalog.problems() == []
    bench.assert_rebuild_equal()


# Identity


def test_c034_c115_the_uid_is_made_of_the_ref(bench: Bench) -> None:
    bench.commit({FILE: component("Me", uid="mine", etag="theirs")})
    registered = bench.register()
    first = bench.entity("me")["metadata"]["uid"]
    assert uuid.UUID(first).version == 5
    seen = set()
    for step in ("update", "restart", "rebuild", "register again", "another file"):
        if step == "update":
            bench.push({FILE: component("me", title="new")})
        elif step == "restart":
            bench.catalog.restart()
        elif step == "rebuild":
            bench.catalog.rebuild()
        elif step == "register again":
            bench.remove(registered)
            bench.register()
        else:
            bench.push({FILE: location("all", "./b.yaml"), "b.yaml": component("me")})
        seen.add(bench.entity("me")["metadata"]["uid"])
    assert seen == {first}


def test_c116_the_etag_changes_with_the_entity_only(bench: Bench) -> None:
    def etag() -> str:
        text: str = bench.entity("me")["metadata"]["etag"]
        return text

    bench.commit({FILE: component("me")})
    bench.commit({FILE: component("x")}, "other")
    bench.register()
    other = bench.register(name="other")
    first = etag()
    seq = bench.catalog.service.standing.status().index_seq
    bench.push({"README.md": "unrelated"})
    bench.push({FILE: component("me") + " # a comment"})
    bench.catalog.restart()
    bench.catalog.rebuild()
    assert etag() == first
    assert bench.catalog.service.standing.status().index_seq == seq  # nothing to tell those who listen
    bench.push({FILE: component("x", {"subcomponentOf": "me"})}, "other")
    assert etag() != first
    bench.remove(other)
    assert etag() == first


def test_c145_keys_that_differ_in_case_only_touch_no_other_entity(bench: Bench) -> None:
    bench.commit({FILE: documents(component("a", labels={"Foo": "x", "foo": "y"}), component("b", {"Type": "t"}))})
    registered = bench.register()
    assert bench.refs() == []
    labels, types = sorted(bench.errors(registered))
    assert f"{FILE}:1: keys 'metadata.labels.Foo' and 'metadata.labels.foo' differ in case only" in labels
    assert f"{FILE}:3: keys 'spec.type' and 'spec.Type' differ in case only" in types


# Templates


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(component("${{ values.name }}"), id="a-name"),
        pytest.param("apiVersion: v1\nkind: {{ cookiecutter.kind }}\nmetadata: {name: x}\n", id="a-kind"),
        pytest.param("metadata:\n{% if x %}\n  name: [x\n{% endif %}\n", id="no-yaml-before-it-is-filled-in"),
    ],
)
def test_a_template_is_counted_and_no_error(bench: Bench, text: str) -> None:
    bench.commit({FILE: documents(component("a"), text)})
    bench.register()
    assert bench.names() == ["a"]
    assert bench.catalog.problems() == []
    assert bench.catalog.outcomes() == {"entity": 1, "template": 1}
    assert bench.catalog.service.standing.status().templates == 1
