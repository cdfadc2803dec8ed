"""What the catalog adds where it is asked to: owners, slugs, bundled descriptions (C107, C118, C119; spec 2.5, 2.7)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_value
from syncd.process.bundle import BundleError, Bundler, File
from syncd.process.yaml_text import yaml_text
from tests.support.bench import FILE, Bench, api, component, documents, entity

GIT = '[git]\nprotocols = ["https", "file"]\npoll_interval = "1h"\nwatch = false\n'
API = "api:default/a"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    configuration = GIT + "[catalog]\ncodeowners = true\nscm_slug = true\n"
    with Bench(tmp_path_factory.mktemp("additions"), configuration) as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    with shared.cleared(request.node.nodeid):
        yield shared


def unowned(name: str = "a", kind: str = "Component") -> str:
    spec = {"type": "service", "lifecycle": "production", "definition": "x"}
    return entity(kind, name, spec)


# CODEOWNERS

OWNERS = [
    pytest.param("* @acme/team-cart", "team-cart", id="c118-a-team"),
    pytest.param("* @mira", "User:mira", id="c118-a-user"),
    pytest.param("* mira@example.test", "mira", id="c118-a-mail-address"),
    pytest.param("* team-x @acme/other", "team-x", id="c118-the-first-as-it-is"),
    pytest.param("* @acme/all\n/svc/ @acme/svc\n/other/ @acme/other", "svc", id="c118-the-last-match"),
    pytest.param("/svc/ @acme/svc\n* @acme/all", "all", id="c118-the-last-match-wins-over-a-closer-one"),
    pytest.param("*.yaml @acme/yaml # words", "yaml", id="c118-by-ending-with-a-comment"),
    pytest.param("# * @acme/no\n\n* @acme/yes\n[Section]\n^[Other] @x", "yes", id="c118-comments-and-headings"),
    pytest.param("svc @acme/svc", "svc", id="c118-a-folder-anywhere"),
    pytest.param("svc/* @acme/direct", "direct", id="c118-directly-in-a-folder"),
    pytest.param("/svc/**/deep/ @acme/deep\n* @acme/all", "all", id="c118-any-depth"),
    pytest.param("* @acme/all\n/svc/catalog-info.yaml", None, id="c118-a-line-without-owner-is-nobodys"),
    pytest.param("/* @acme/root", None, id="c118-a-star-stays-in-its-folder"),
    pytest.param("catalog-info.yaml/ @acme/folder", None, id="c118-a-file-is-no-folder"),
    pytest.param("[a @acme/odd\n/etc/../* @acme/odd", None, id="c118-lines-that-cannot-be-read"),
    pytest.param("* @acme/all\n" + "#\n" * 5_001, None, id="c118-a-file-that-is-too-long-is-not-used"),
]


@pytest.mark.parametrize(("lines", "owner"), OWNERS)
def test_an_owner_is_taken_from_codeowners(bench: Bench, lines: str, owner: str | None) -> None:
    bench.commit({"svc/catalog-info.yaml": unowned(), "CODEOWNERS": lines})
    bench.register("svc/catalog-info.yaml")
    assert bench.refs() == ([] if owner is None else ["component:default/a"])
    if owner is not None:
        assert bench.entity("a")["spec"]["owner"] == owner


PLACES = [
    pytest.param(("CODEOWNERS", "docs/CODEOWNERS", ".github/CODEOWNERS"), id="c118-the-root-first"),
    pytest.param(("docs/CODEOWNERS", ".github/CODEOWNERS"), id="c118-then-docs"),
    pytest.param((".github/CODEOWNERS",), id="c118-then-the-folder-of-the-host"),
]


@pytest.mark.parametrize("places", PLACES)
def test_the_first_file_is_used(bench: Bench, places: tuple[str, ...]) -> None:
    files = {path: f"* @acme/team{number}" for number, path in enumerate(places)}
    bench.commit({FILE: unowned(), ".gitlab/CODEOWNERS": "* @acme/no", **files})
    bench.register()
    assert bench.entity("a")["spec"]["owner"] == "team0"


def test_c118_only_kinds_with_an_owner_and_only_where_none_is_written(bench: Bench) -> None:
    group = entity("Group", "g", {"type": "team", "children": []})
    bench.commit({FILE: documents(component("b"), unowned(kind="API"), group), "CODEOWNERS": "* @acme/cart"})
    bench.register()
    assert bench.entity("b")["spec"]["owner"] == "team"
    assert bench.entity(API)["spec"]["owner"] == "cart"
    assert bench.arrows(API) == [("ownedBy", "group:default/cart")]
    assert "owner" not in bench.entity("group:default/g")["spec"]


def test_c118_codeowners_may_come_change_and_go(bench: Bench) -> None:
    bench.commit({FILE: unowned()})
    bench.register_git()
    assert bench.refs() == []
    for text, owner in (("* @acme/one", "one"), ("* @acme/two", "two"), (None, "two"), ("* @mira", "User:mira")):
        bench.push({"CODEOWNERS": text, "other.txt": owner})
        assert bench.entity("a")["spec"]["owner"] == owner  # while nobody says so the last good one stays
        bench.assert_rebuild_equal()


def test_c118_c119_nothing_is_added_unless_asked_for(bench: Bench) -> None:
    asked = bench.catalog.settings.catalog
    assert (asked.codeowners, asked.scm_slug) == (True, True)
    bench.commit({FILE: documents(unowned(), component("b")), "CODEOWNERS": "* @acme/cart"})
    bench.register()
    assert bench.annotation("b", "github.com/project-slug") == f"{bench.owner}/shop"
    try:
        bench.reconfigure("")
        assert bench.names() == ["b"]
        assert bench.annotation("b", "github.com/project-slug") is None
        bench.assert_rebuild_equal()
    finally:
        bench.reconfigure(GIT + "[catalog]\ncodeowners = true\nscm_slug = true\n")
    assert bench.names() == ["a", "b"]


# Slugs


def test_c119_a_component_is_named_by_its_repository_and_a_written_value_stays(bench: Bench) -> None:
    written = component("b", annotations={"github.com/project-slug": "some/where"})
    bench.commit({FILE: documents(component("a"), written, api("a", "x"))})
    bench.register_git()
    assert bench.annotation("a", "github.com/project-slug") == f"{bench.owner}/shop"
    assert bench.annotation("b", "github.com/project-slug") == "some/where"
    assert bench.annotation(API, "github.com/project-slug") is None


# Bundles

ROOT = """openapi: 3.1.0
info: {title: Shop, version: "1.0"}
paths:
  /carts:
    $ref: ./paths/carts.yaml
  /carts/{id}:
    $ref: paths/carts.yaml#/one
components:
  schemas:
    Own: {type: string}
    Cart: {$ref: schemas.json#/Cart}
"""
CARTS = """get:
  responses:
    "200": {$ref: "../schemas.json#/Found"}
one: {parameters: [{schema: {$ref: "../openapi.yaml#/components/schemas/Own"}}]}
"""
SCHEMAS = json.dumps(
    {
        "Found": {"schema": {"$ref": "#/Cart"}},
        "Cart": {"properties": {"items": {"type": "array", "items": {"$ref": "#/Cart"}}, "note": {"$ref": "#/A~1b"}}},
        "A/b": {"type": "string", "description": "on"},
    }
)
DESCRIPTION = {"openapi.yaml": ROOT, "paths/carts.yaml": CARTS, "schemas.json": SCHEMAS}


def loaded(text: str) -> Any:
    value = read_value(text.encode(), "x", "yaml", ParseLimits())
    assert isinstance(value, dict), value
    return value


@pytest.mark.parametrize("name", ["$openapi", "$asyncapi"])
def test_c107_a_description_takes_in_what_it_refers_to(bench: Bench, name: str) -> None:
    bench.commit({FILE: api("a", {name: "./openapi.yaml"}), **DESCRIPTION})
    bench.register()
    found = loaded(bench.entity(API)["spec"]["definition"])
    placed = "#/paths/~1carts/get/responses/200/schema"
    assert found["paths"]["/carts"]["get"]["responses"]["200"]["schema"] == {
        "properties": {
            "items": {"type": "array", "items": {"$ref": placed}},
            "note": {"type": "string", "description": "on"},
        }
    }
    assert found["components"] == {"schemas": {"Own": {"type": "string"}, "Cart": {"$ref": placed}}}
    assert found["paths"]["/carts/{id}"] == {"parameters": [{"schema": {"$ref": "#/components/schemas/Own"}}]}
    assert found["info"] == {"title": "Shop", "version": "1.0"}


def test_c107_a_change_of_a_referenced_file_reads_the_entity_again(bench: Bench) -> None:
    bench.commit({FILE: documents(api("a", {"$openapi": "./openapi.yaml"}), component("b")), **DESCRIPTION})
    bench.register()
    bench.push({"schemas.json": SCHEMAS.replace('"on"', '"off"')})
    assert 'description: "off"' in bench.entity(API)["spec"]["definition"]
    bench.assert_rebuild_equal()
    bench.push({"schemas.json": None})
    assert 'description: "off"' in bench.entity(API)["spec"]["definition"]
    (error,) = bench.errors(API)
    assert "spec.definition: $openapi schemas.json: schemas.json is not in the repository at this commit" in error
    bench.assert_rebuild_equal()
    bench.push({"schemas.json": SCHEMAS})
    assert bench.errors(API) == []


REFUSED = [
    pytest.param({"$ref": "https://git.example.test/OWNER/other/blob/main/x.yaml"}, "repository", id="c107-elsewhere"),
    pytest.param({"$ref": "https://nowhere.test/x.yaml"}, "is not listed", id="r030-an-unknown-host"),
    pytest.param({"$ref": "file:///etc/passwd"}, "points into a file system", id="r031-a-file-system"),
    pytest.param({"$ref": "../x.yaml"}, "leaves the repository", id="r031-above-the-root"),
    pytest.param({"$ref": "./gone.yaml"}, "gone.yaml is not in the repository", id="a-missing-file"),
    pytest.param({"$ref": "./x.yaml#/none/at/all"}, "points at nothing: there is no none", id="a-missing-place"),
    pytest.param({"$ref": "./x.yaml#anchor"}, "is no pointer", id="an-anchor"),
    pytest.param({"$ref": "./bad.yaml"}, "bad.yaml", id="a-file-that-is-no-yaml"),
]


@pytest.mark.parametrize(("reference", "message"), REFUSED)
def test_a_reference_that_cannot_be_followed_refuses_its_entity_only(
    bench: Bench, reference: dict[str, str], message: str
) -> None:
    text = json.dumps({"a": reference}).replace("OWNER", bench.owner)
    definition = documents(api("a", {"$openapi": "./o.json"}), component("b"))
    bench.commit({FILE: definition, "o.json": text, "x.yaml": "a: 1\n", "bad.yaml": "a: [\n"})
    registered = bench.register()
    assert bench.refs() == ["component:default/b"]
    (error,) = bench.errors(registered)
    assert message in error


def bundled(files: Mapping[str, Any]) -> Any:
    def load(path: str) -> File:
        return File(len(json.dumps(files[path])), files[path])

    return Bundler(lambda text, _: text, load).bundle("root")


TWICE = {"a": {"$ref": "x", "note": 1}, "b": {"$ref": "x"}}
ODD = {"a": {"$ref": "#/b"}, "b": {"$ref": {"type": "string"}}}
BUNDLES = [
    ({"root": {"a": {"$ref": "x"}}, "x": {"b": {"$ref": "x"}}}, {"a": {"b": {"$ref": "#/a"}}}),
    ({"root": {"a": {"$ref": "x"}}, "x": {"$ref": "y"}, "y": {"$ref": "x"}}, {"a": {"$ref": "#/a"}}),
    ({"root": TWICE, "x": {"c": 2}}, {"a": {"c": 2, "note": 1}, "b": {"c": 2}}),
    ({"root": ODD}, ODD),
    ({"root": [{"$ref": "x#/1/a~0b%20c"}], "x": [0, {"a~b c": "found"}]}, ["found"]),
]


@pytest.mark.parametrize(("files", "expected"), BUNDLES)
def test_cycles_siblings_and_odd_references(files: Mapping[str, Any], expected: Any) -> None:
    assert bundled(files) == expected


def _doubling(depth: int) -> dict[str, Any]:
    """Files of which each holds the next one twice, beside something, so that each is copied in."""
    files: dict[str, Any] = {
        f"f{n}": [{"$ref": f"f{n + 1}", "n": 1}, {"$ref": f"f{n + 1}", "n": 2}] for n in range(depth)
    }
    return {**files, "root": {"$ref": "f0"}, f"f{depth}": {}}


def _many(count: int, content: object) -> dict[str, Any]:
    return {"root": [{"$ref": f"f{n}"} for n in range(count)]} | {f"f{n}": content for n in range(count)}


def _long(depth: int) -> dict[str, Any]:
    return {"root": {"$ref": "f0"}} | {f"f{n}": {"a": {"$ref": f"f{n + 1}"}} for n in range(depth)}


LIMITS = [
    pytest.param(_doubling(30), "values", id="r023-a-bomb-of-copies"),
    pytest.param(_long(300), "deep", id="r023-a-long-way-down"),
    pytest.param(_many(300, 0), "files", id="r030-many-files"),
    pytest.param(_many(9, "x" * 2**20), "bytes", id="r030-large-files"),
]


@pytest.mark.parametrize(("files", "what"), LIMITS)
def test_a_bundle_is_bounded(files: Mapping[str, Any], what: str) -> None:
    with pytest.raises(BundleError, match=what):
        bundled(files)


VALUES = [
    {"a": 1, "b": [1.5, -2, 1e21, True, None], "c": {}, "d": [], "e": [[1, [2]], {"x": {"y": []}, "z": 1}]},
    ["yes", "no", "NULL", "1", "1_000", "0o17", "2020-01-01", "12:30", "a: b", "a #b", "- a", " a", ""],
    ["a ", "~", "=", "<<", ".inf", "0x1f", "+1", "1e3", ".5", "?", "!a", "&a", "*a", "%a", "@a", "`a", "|", ">"],
    ["line\nline\n", "tab\t", "\x7f\x85\u2028\ufeff", "ü 💥", "\x85💥", 'quo"te\\', "plain words"],
    ["on", "true story", "/a/{b}", "a,b", "(a)", "a (b, c)", "_a", "/", "a-", "a.", "a -b"],
    {"yes": 1, "1": 2, "a b": 3, "a:b": 4, "": 5, "$ref": "#/a"},
    "text",
    5,
    {},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value)[:20])
def test_yaml_text_is_read_back_as_the_same_value_by_any_reader(value: Any) -> None:
    text = yaml_text(value)
    assert read_value(text.encode(), "x", "yaml", ParseLimits()) == value
    assert yaml.safe_load(text) == value
