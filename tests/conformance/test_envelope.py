"""C9-C35: what every entity must look like."""

import pytest

from syncd.model.json import Json, JsonObject
from tests.syncd.process.scene import Scene, entity, mapping, with_metadata, without

DNS_253 = ".".join(["a" * 61, "b" * 63, "c" * 63, "d" * 63])


def links(*links: Json) -> JsonObject:
    return with_metadata(links=list(links))


def named(name: str) -> JsonObject:
    return entity("Component", name)


def labelled(**labels: Json) -> JsonObject:
    return with_metadata(labels=labels)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(without(entity(), "apiVersion"), "apiVersion is missing", id="c009-api-version"),
        pytest.param(without(entity(), "kind"), "kind is missing", id="c009-kind"),
        pytest.param(without(entity(), "metadata"), "metadata is missing", id="c009-metadata"),
        pytest.param(without(entity(), "metadata", "name"), "metadata.name is missing", id="c009-name"),
        pytest.param({**entity(), "foo": 1}, "foo is not a field of an entity", id="c010-unknown-root-key"),
        pytest.param({**entity(), "relations": []}, "relations is written by the catalog only", id="c011-relations"),
        pytest.param({**entity(), "status": {}}, "status is written by the catalog only", id="c012-status"),
        pytest.param({**entity(), "spec": None}, "spec is empty (null)", id="c013-spec-null"),
        pytest.param({**entity(), "spec": []}, "spec must be a mapping, not a list", id="c013-spec-list"),
        pytest.param(named("n" * 64), f'metadata.name "{"n" * 59}…" is 64 characters long', id="c016-name-of-64"),
        pytest.param(named("-a"), 'metadata.name "-a" starts with "-"', id="c017-starts-with-dash"),
        pytest.param(named("a-"), 'metadata.name "a-" ends with "-"', id="c017-ends-with-dash"),
        pytest.param(named("a/b"), 'metadata.name "a/b" has "/"', id="c017-slash"),
        pytest.param(named("ü"), 'metadata.name "ü" has "ü"', id="c017-not-ascii"),
        pytest.param(named("a b"), 'metadata.name "a b" has a space', id="c017-space"),
        pytest.param(named("a\n"), 'metadata.name "a\\n" has a line break', id="c018-newline-at-the-end"),
        pytest.param(
            with_metadata(namespace="Default"),
            'metadata.namespace "Default" has an upper-case letter',
            id="c020-upper-case-namespace",
        ),
        pytest.param(with_metadata(namespace="a.b"), 'metadata.namespace "a.b" has "."', id="c021-dot"),
        pytest.param(with_metadata(namespace="a_b"), 'metadata.namespace "a_b" has "_"', id="c021-underscore"),
        pytest.param(with_metadata(namespace="-a"), 'metadata.namespace "-a" starts with "-"', id="c021-dash"),
        pytest.param(with_metadata(namespace=""), "metadata.namespace is empty", id="c021-empty"),
        pytest.param(with_metadata(namespace=None), "metadata.namespace is empty (null)", id="c021-null"),
        pytest.param(with_metadata(tags="java"), 'metadata.tags must be a list, not the text "java"', id="c025-text"),
        pytest.param(labelled(tier="b c"), 'metadata.labels.tier "b c" has a space', id="c026-space"),
        pytest.param(labelled(tier=5), "metadata.labels.tier must be text, not the number 5", id="c026-number"),
        pytest.param(
            with_metadata(annotations={"a": None}), "metadata.annotations.a is empty (null)", id="c028-null-value"
        ),
        pytest.param(
            with_metadata(annotations={"a": 5}),
            "metadata.annotations.a must be text, not the number 5",
            id="c028-number",
        ),
        pytest.param(
            with_metadata(annotations={"a b": "c"}),
            'metadata.annotations has a key "a b" that has a space',
            id="c028-key-with-a-space",
        ),
        pytest.param(
            with_metadata(annotations=[]), "metadata.annotations must be a mapping, not a list", id="c028-list"
        ),
        pytest.param(links({"title": "x"}), "metadata.links[0].url is missing", id="c030-no-url"),
        pytest.param(
            links({"url": "nope"}),
            'metadata.links[0].url "nope" is not an absolute URL such as https://example.com',
            id="c030-no-absolute-url",
        ),
        pytest.param(
            links({"url": "https://x.test", "title": " "}),
            'metadata.links[0].title " " is not visible text',
            id="c031-blank-title",
        ),
        pytest.param(
            links({"url": "https://x.test", "type": ""}), "metadata.links[0].type is empty", id="c031-empty-type"
        ),
        pytest.param(with_metadata(title=""), "metadata.title is empty", id="c032-empty-title"),
        pytest.param(
            with_metadata(description=5), "metadata.description must be text, not the number 5", id="c032-number"
        ),
        pytest.param(with_metadata(labels=None), "metadata.labels is empty (null)", id="c033-labels-null"),
        pytest.param(with_metadata(uid=""), "metadata.uid is empty", id="c034-empty-uid"),
    ],
)
def test_a_bad_envelope_is_refused_for_one_reason(document: JsonObject, message: str) -> None:
    assert Scene().messages(document) == [message]


@pytest.mark.parametrize("version", ["1.0", "a/b/c", "/v1", "A.b/v1", "a_b/v1", "v1\n", f"{DNS_253}.e/v1"])
def test_c022_a_bad_api_version_is_refused_by_its_format(version: str) -> None:
    problems = Scene().problems({**entity(), "apiVersion": version})
    assert [(problem.code, problem.line) for problem in problems] == [("entity.format", 1)]


@pytest.mark.parametrize("version", ["v1", "my-co.test/v1", f"{DNS_253}/v1"])
def test_c022_a_good_api_version_fails_only_because_no_kind_has_it(version: str) -> None:
    assert [problem.code for problem in Scene().problems({**entity(), "apiVersion": version})] == ["entity.kind"]


@pytest.mark.parametrize("kind", ["1a", "a-b", "K" * 64])
def test_c023_a_bad_kind_is_refused_by_its_format(kind: str) -> None:
    assert "entity.format" in [problem.code for problem in Scene().problems({**entity(), "kind": kind})]


@pytest.mark.parametrize("tag", ["A", "a--b", "-a", "a-", "a_b", "a.b", "", "t" * 64, "a\n"])
def test_c024_a_bad_tag_is_refused(tag: str) -> None:
    assert len(Scene().problems(with_metadata(tags=["fine", tag]))) == 1


@pytest.mark.parametrize("key", ["Acme/tier", "a/b/c", "/a", "a/", "", "a b/c", f"{DNS_253}.e/a", "k" * 64])
def test_c027_a_bad_label_key_is_refused(key: str) -> None:
    assert len(Scene().problems(labelled(**{key: "x"}))) == 1


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"acme": {"deep": [1, None]}}, id="c014-unknown-key"),
        pytest.param({"name": "n" * 63}, id="c016-name-of-63"),
        pytest.param({"name": "a_b.c"}, id="c017-inner-marks"),
        pytest.param({"name": "a..b"}, id="c017-doubled-dot"),
        pytest.param({"name": "0"}, id="c017-digit"),
        pytest.param({"namespace": "a--b"}, id="c021-doubled-dash"),
        pytest.param({"tags": ["c++", "c#", "a:b", "a-b", "t" * 63]}, id="c024-tags"),
        pytest.param({"labels": {"tier": ""}}, id="c026-empty-label-value"),
        pytest.param({"labels": {"acme.test/tier": "x"}}, id="c027-prefixed-key"),
        pytest.param({"labels": {f"{DNS_253}/{'k' * 63}": "x"}}, id="c027-longest-key"),
        pytest.param({"links": [{"url": "mailto:x@y.test"}]}, id="c030-any-scheme"),
        pytest.param({"links": [{"url": "https://x.test", "acme": {}}]}, id="c031-unknown-key-of-a-link"),
        pytest.param({"description": ""}, id="c032-empty-description"),
        pytest.param({"tags": []}, id="c033-no-tags"),
        pytest.param({"uid": "mine"}, id="c034-uid-for-stitching-to-replace"),
        pytest.param({"etag": "E"}, id="c035-etag"),
    ],
)
def test_good_metadata_comes_back_unchanged(metadata: JsonObject) -> None:
    written = {"name": "checkout", "namespace": "default", **metadata}
    processed = mapping(Scene().processed({**entity(), "metadata": written}).entity, "metadata")
    assert without(processed, "annotations") == written


@pytest.mark.parametrize("value", [pytest.param("", id="c028-empty"), pytest.param("x" * 100_000, id="c029-long")])
def test_an_annotation_comes_back_whole(value: str) -> None:
    assert Scene().annotations(with_metadata(annotations={"acme.test/a": value}))["acme.test/a"] == value


def test_c028_annotations_without_entries_are_none() -> None:
    assert Scene().annotations(with_metadata(annotations=None)) == Scene().annotations(entity())


def test_c015_an_unknown_key_of_spec_comes_back_unchanged() -> None:
    extra: JsonObject = {"sla": {"uptime": 99.95, "notes": None}, "ports": [8080]}
    spec = mapping(Scene().processed(entity("Component", "a", **extra)).entity, "spec")
    assert {key: spec[key] for key in extra} == extra


def test_c019_a_missing_namespace_is_returned_as_default() -> None:
    processed = Scene().processed(entity())
    assert processed.ref == "component:default/checkout"
    assert mapping(processed.entity, "metadata")["namespace"] == "default"


def test_a_document_is_told_everything_that_is_wrong_with_it() -> None:
    document: JsonObject = {**with_metadata(tags=["A", "fine", "B"]), "foo": 1, "spec": {"owner": ""}}
    assert len(Scene().problems(document)) == 6
