"""Documents and values as other parts of the daemon get them."""

import json

import pytest

from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import Format, read_documents, read_value
from syncd.model.json import Json
from syncd.model.problem import Problem

LIMITS = ParseLimits(depth=8, events=50, scalar_bytes=100, key_bytes=20, mapping_keys=9)
HEAD = "apiVersion: backstage.io/v1alpha1\nkind: Component\n"


def outcomes(text: str) -> list[str]:
    return [document.outcome for document in read_documents(text.encode(), "a.yaml", ParseLimits())]


TEMPLATES = [
    pytest.param(HEAD + "metadata: {name: '${{ values.name }}'}\n", "template", id="name"),
    pytest.param(HEAD + "metadata:\n  name: ${{values.name | dump}}\n", "template", id="name-plain"),
    pytest.param(HEAD + "metadata:\n  name: {{ cookiecutter.name }}\n", "template", id="name-braces-are-a-mapping"),
    pytest.param(HEAD + "metadata: {name: a, namespace: '{{ n }}'}\n", "template", id="namespace"),
    pytest.param("kind: '{{ k }}'\nmetadata: {name: a}\n", "template", id="kind"),
    pytest.param("apiVersion: ${{ v }}\nmetadata: {name: a}\n", "template", id="api-version"),
    pytest.param(
        HEAD + "metadata:\n  name: a\n{%- if values.x %}\n  title: b\n{%- endif %}\n", "template", id="statement"
    ),
    pytest.param(HEAD + "metadata:\n  name: a\n  title: {{ a }} and {{ b }}\n", "template", id="does-not-parse"),
    pytest.param(HEAD + "metadata: {name: a}\nspec:\n  owner: {{ o }}\n", "template", id="bare-braces-elsewhere"),
    pytest.param("{{ everything }}\n", "template", id="whole-document"),
    pytest.param("${{ everything }}\n", "template", id="whole-document-as-text"),
    pytest.param("a: {{ x }}\na: {{ y }}\n", "template", id="branches-repeat-keys"),
    pytest.param(HEAD + "metadata: {name: a}\nspec: {owner: '${{ o }}'}\n", "entity", id="quoted-elsewhere"),
    pytest.param("kind: Template\nmetadata: {name: a}\nspec: {steps: [{{ x }}]}\n", "entity", id="kind-template"),
    pytest.param("kind: Template\nmetadata: {name: '{{ x }}'}\n", "template", id="template-of-a-template"),
    pytest.param(HEAD + "metadata: {name: 'a}} {{b'}\n", "entity", id="braces-that-enclose-nothing"),
    pytest.param(HEAD + "metadata: {name: a}\nspec:\n  x: [1\n", "bad", id="broken-without-placeholder"),
    pytest.param("- ${{ step }}\n", "bad", id="list-of-steps"),
    pytest.param("x: {{ y }}\nz: " + "[" * 100, "bad", id="limits-hold-for-templates"),
    pytest.param("a: 1\n---\nkind: {{ x }}\nb: [\n---\nc: [\n", "entity template bad", id="each-document-for-itself"),
]


@pytest.mark.parametrize(("text", "expected"), TEMPLATES)
def test_skeletons_are_templates(text: str, expected: str) -> None:
    assert outcomes(text) == expected.split()


def test_a_template_has_neither_data_nor_problem() -> None:
    (document,) = read_documents(b"kind: ${{ x }}", "a.yaml", LIMITS)
    assert (document.data, document.problem, document.line) == (None, None, 1)


def test_line_is_where_the_content_begins() -> None:
    text = b"# licence\n\na: 1\n---\n# about b\n\nb: 1\n--- {c: 1}\n---\n---\nd: [\n"
    assert [document.line for document in read_documents(text, "a.yaml", LIMITS)] == [3, 7, 8, 9, 11]


def test_numbers_of_javascript_reach_json_unchanged() -> None:
    (document,) = read_documents(b'{"a": 1.0, "b": -0.0, "c": 12345678901234567890123, "d": 1e999}', "a.yaml", LIMITS)
    assert json.dumps(document.data) == '{"a": 1, "b": 0, "c": 1.2345678901234568e+22, "d": null}'


VALUES: list[tuple[Format, str, Json]] = [
    ("yaml", "- a\n- {b: 0o17}\n", ["a", {"b": 15}]),
    ("yaml", "# only this\n--- text\n...\n", "text"),
    ("yaml", "~", None),
    ("yaml", "${{ x }}", "${{ x }}"),
    (
        "json",
        '[1, 2.0, "a\u2028b", 1e3, -0, 123456789012345678901234567890]',
        [1, 2, "a\u2028b", 1000, 0, 1.2345678901234568e29],
    ),
    ("json", ' {"a": {"b": null}} ', {"a": {"b": None}}),
    ("json", '"\\ud83d\\ude00[[[[[[[[["', "\U0001f600[[[[[[[[["),
    ("json", '"\\\\\\"[[[[[[[[["', '\\"[[[[[[[[['),
    ("json", "null", None),
]


@pytest.mark.parametrize(("kind", "text", "expected"), VALUES)
def test_value(kind: Format, text: str, expected: Json) -> None:
    found = read_value(text.encode(), "a", kind, LIMITS)
    assert not isinstance(found, Problem), found
    assert json.dumps(found) == json.dumps(expected)


REFUSED: list[tuple[Format, bytes, str]] = [
    ("yaml", b"a: 1\n---\nb: 1\n", "not_one_document"),
    ("yaml", b"", "not_one_document"),
    ("yaml", b"a: 1\n---\nb: [\n", "syntax"),
    ("yaml", b"a: \xff", "not_utf8"),
    ("yaml", b"a: 1\na: 2", "duplicate_key"),
    ("yaml", b"[" * 9, "too_deep"),
    ("json", b"", "syntax"),
    ("json", b"{'a': 1}", "syntax"),
    ("json", b"[1,]", "syntax"),
    ("json", b"{} {}", "syntax"),
    ("json", b'{"a": 1, "b": 2, "a": 1}', "duplicate_key"),
    ("json", b"[NaN]", "not_a_number"),
    ("json", b"[-Infinity]", "not_a_number"),
    ("json", b'["\\udc00"]', "invalid_character"),
    ("json", b'{"\\u0000": 1}', "invalid_character"),
    ("json", b'"\x00"', "invalid_character"),
    ("json", b'"\xff"', "not_utf8"),
    ("json", b"[" * 9 + b"]" * 9, "too_deep"),
    ("json", b"[" * 1_000_000, "too_deep"),
    ("json", b"[" + b"1," * 60 + b"1]", "too_many_nodes"),
    ("json", b'"' + b"x" * 101 + b'"', "scalar_too_long"),
    ("json", b'{"' + b"x" * 21 + b'": 1}', "key_too_long"),
    ("json", b"{" + b",".join(b'"%d": 1' % n for n in range(10)) + b"}", "too_many_keys"),
    ("json", b" " * 5_000_000, "file_too_large"),
]


@pytest.mark.parametrize(("kind", "content", "reason"), REFUSED)
def test_refused_value(kind: Format, content: bytes, reason: str) -> None:
    found = read_value(content, "data.file", kind, LIMITS)
    assert isinstance(found, Problem)
    assert (found.code, found.path) == (f"parse.{reason}", "data.file")
