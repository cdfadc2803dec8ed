"""YAML as Backstage reads it (C36-C50)."""

import json

import pytest

from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_documents
from syncd.model.document import Document
from syncd.model.json import Json

LIMITS = ParseLimits()


def read(text: str | bytes) -> list[Document]:
    return read_documents(text.encode() if isinstance(text, str) else text, "catalog-info.yaml", LIMITS)


def outcomes(text: str | bytes) -> list[str]:
    return [document.outcome for document in read(text)]


def value(scalar: str) -> Json:
    (document,) = read(f"v: {scalar}\n")
    assert document.data is not None, document.problem
    return document.data["v"]


SCALARS = [
    *(pytest.param(word, word, id=f"c036-{word}") for word in ("yes", "no", "on", "off", "y", "n", "Yes", "OFF")),
    *(pytest.param(word, word.lower() == "true", id=f"c037-{word}") for word in ("True", "true", "TRUE", "FALSE")),
    *(pytest.param(word, None, id=f"c037-null-{word or 'empty'}") for word in ("~", "Null", "NULL", "null", "")),
    pytest.param("nULL", "nULL", id="c037-odd-case"),
    pytest.param("0777", 777, id="c038-leading-zero"),
    pytest.param("08", 8, id="c038-08"),
    pytest.param("0o17", 15, id="c038-octal"),
    pytest.param("0x1F", 31, id="c038-hex"),
    pytest.param("0b11", "0b11", id="c038-binary"),
    pytest.param("0x", "0x", id="c038-no-digits"),
    pytest.param("-0x1F", "-0x1F", id="c038-signed-hex"),
    pytest.param("2020-01-01", "2020-01-01", id="c039-date"),
    pytest.param("2001-12-14t21:59:43Z", "2001-12-14t21:59:43Z", id="c039-timestamp"),
    pytest.param("12:30:45", "12:30:45", id="c039-time"),
    pytest.param("1_000", "1_000", id="c039-underscore"),
    pytest.param("1.10", 1.1, id="c040-float"),
    pytest.param("1e3", 1000, id="c040-exponent"),
    pytest.param("1.0", 1, id="c040-integral"),
    pytest.param("+1", 1, id="c040-plus"),
    pytest.param("1.", 1, id="c040-bare-point"),
    pytest.param("-.5", -0.5, id="c040-no-whole"),
    pytest.param("-0", 0, id="c040-minus-zero"),
    pytest.param("-0.0", 0, id="c040-minus-zero-float"),
    pytest.param(".", ".", id="c040-point-alone"),
    pytest.param("1e", "1e", id="c040-no-exponent"),
    pytest.param("v1.0", "v1.0", id="c040-version"),
    pytest.param("123456789012345678901234567890", 1.2345678901234568e29, id="c041-30-digits"),
    pytest.param("9223372036854775807", 9223372036854775807, id="c041-64-bit"),
    pytest.param("9223372036854775808", 9.223372036854776e18, id="c041-65-bit"),
    pytest.param("1" * 5000, None, id="c041-5000-digits"),
    pytest.param("0x" + "f" * 400, None, id="c041-long-hex"),
    *(pytest.param(word, None, id=f"c042-{word}") for word in (".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1e400")),
    pytest.param("!foo bar", "bar", id="r025-unknown-tag"),
    pytest.param("!foo 12", "12", id="r025-unknown-tag-is-text"),
    pytest.param("!!str 12", "12", id="r025-str"),
    pytest.param("! 12", "12", id="r025-no-tag"),
    pytest.param("!!int '0x1F'", 31, id="r025-int"),
    pytest.param("!!int many", "many", id="r025-no-int"),
    pytest.param("!!float 3", 3, id="r025-float"),
    pytest.param("!!bool 'true'", True, id="r025-bool"),
    pytest.param("!!null ''", None, id="r025-null"),
    pytest.param("!!timestamp 2020-01-01", "2020-01-01", id="r025-timestamp"),
    pytest.param("!!binary aGk=", "aGk=", id="r025-binary"),
    pytest.param("!!set {a, b}", {"a": None, "b": None}, id="r025-set"),
    pytest.param("!!python/object:os.system {}", {}, id="r025-python"),
]


@pytest.mark.parametrize(("scalar", "expected"), SCALARS)
def test_scalar(scalar: str, expected: Json) -> None:
    found = value(scalar)
    assert found == expected
    assert type(found) is type(expected)
    assert json.loads(json.dumps(found, allow_nan=False)) == expected


def test_c043_merge_key_is_an_ordinary_key() -> None:
    (document,) = read("base: &x {a: 1}\nv:\n  <<: *x\n  b: 2\n")
    assert document.data == {"base": {"a": 1}, "v": {"<<": {"a": 1}, "b": 2}}


YAML_1_1 = [
    ("yes", True),
    ("Off", False),
    ("1_000", 1000),
    ("017", 15),
    ("0b11", 3),
    ("0x1_F", 31),
    ("1:30", 90),
    ("-1:30", -90),
    ("1_0.5", 10.5),
    ("2020-01-01", "2020-01-01"),
    ("0o17", "0o17"),
    ("_1", "_1"),
    (".", "."),
]


@pytest.mark.parametrize(("scalar", "expected"), [pytest.param(*case, id=f"c044-{case[0]}") for case in YAML_1_1])
def test_yaml_1_1_directive(scalar: str, expected: Json) -> None:
    first, second = read(f"%YAML 1.1\n---\nv: {scalar}\n...\n---\nv: yes\n")
    assert first.data == {"v": expected}
    assert second.data == {"v": "yes"}, "the directive is for its own document"


DUPLICATES = [
    pytest.param("a: 1\nb: 2\na: 3\n", (1, 3), id="c045-top"),
    pytest.param("x:\n- {a: 1,\n   a: 2}\n", (2, 3), id="c045-flow"),
    pytest.param("x: &k a\na: 1\n*k : 2\n", (2, 3), id="c045-alias-key"),
    pytest.param("1: a\n'1': b\n", (1, 2), id="c045-after-stringify"),
    pytest.param("a: {}\n---\nb:\n  c: 1\n  c: 2\n", (4, 5), id="c045-second-document"),
]


@pytest.mark.parametrize(("text", "lines"), DUPLICATES)
def test_duplicate_keys(text: str, lines: tuple[int, int]) -> None:
    problem = read(text)[-1].problem
    assert problem is not None
    assert problem.code == "parse.duplicate_key"
    assert problem.line == lines[1]
    assert f"line {lines[0]} and again in line {lines[1]}" in problem.message


EMPTY = [
    ("", ["empty"]),
    ("# only a comment\n", ["empty"]),
    ("---\n", ["empty"]),
    ("a: 1\n---\n", ["entity", "empty"]),
    ("---\n# nothing\n---\na: 1\n", ["empty", "entity"]),
    ("# head\n---\na: 1\n...\n# tail\n", ["entity"]),
    ("null\n", ["empty"]),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case, id=f"c046-{case[0]!r}") for case in EMPTY])
def test_empty_documents(text: str, expected: list[str]) -> None:
    assert outcomes(text) == expected
    assert all(document.problem is None for document in read(text))


@pytest.mark.parametrize(
    "text", [pytest.param("- a\n- b\n", id="c047-list"), pytest.param("just text\n", id="c047-scalar"), "42\n", "[]\n"]
)
def test_root_must_be_a_mapping(text: str) -> None:
    (document,) = read(text)
    assert document.outcome == "bad"
    assert document.problem is not None
    assert document.problem.code == "parse.not_a_mapping"


BROKEN_SECOND = [
    pytest.param("b: [1, 2", id="c048-flow-left-open"),
    pytest.param('b: "no end', id="c048-quote-left-open"),
    pytest.param("b: 1\n  c: 2", id="c048-indent"),
    pytest.param("\tb: 1", id="c048-tab"),
    pytest.param("b:\n\tc: 1", id="c048-tab-indent"),
    pytest.param("b: @x", id="c048-reserved"),
    pytest.param("b: *nowhere", id="c048-alias"),
    pytest.param("b: 1\nb: 2", id="c048-duplicate"),
    pytest.param("{b: 1}\nc: 2", id="c048-after-the-root"),
    pytest.param('{b: 1}\n"c": [', id="c048-after-the-root-open"),
    pytest.param("b: !x!y z", id="c048-tag-handle"),
    pytest.param("b: 'x' y", id="c048-after-a-quote"),
    pytest.param("b: [\n...\n# between", id="c048-ended-by-dots"),
]


@pytest.mark.parametrize("broken", BROKEN_SECOND)
def test_one_broken_document_of_three(broken: str) -> None:
    text = f"a: 1\n---\n{broken}\n---\nc: 3\n"
    found = [document for document in read(text) if document.outcome != "empty"]
    good = [document for document in found if document.outcome == "entity" and document.data != {"b": 1}]
    assert [document.data for document in good] == [{"a": 1}, {"c": 3}]
    assert [document.outcome for document in found].count("bad") == 1
    assert good[-1].line == text.count("\n")


def test_c049_json_and_byte_order_mark() -> None:
    text = json.dumps({"kind": "Component", "n": [1, 2.0, None, True], "s": "\U0001f600\u2028\\/", "": {}}, indent="\t")
    assert "\\ud83d\\ude00" in text, "a pair of surrogate escapes is JSON, and no YAML for libyaml"
    (document,) = read(b"\xef\xbb\xbf" + text.encode())
    assert document.data == {"kind": "Component", "n": [1, 2, None, True], "s": "\U0001f600\u2028\\/", "": {}}
    assert read("\ufeffa: 1\n")[0].data == {"a": 1}


KEYS = [
    ("true", "true"),
    ("null", ""),
    ("1", "1"),
    ("0777", "777"),
    ("1.50", "1.5"),
    ("2.0", "2"),
    ("1e21", "1e+21"),
    ("1e-7", "1e-7"),
    ("1.25e-8", "1.25e-8"),
    ("0.000001", "0.000001"),
    ("-12.5", "-12.5"),
    ("123456789012345678901", "123456789012345680000"),
    (".nan", "NaN"),
    ("-.inf", "-Infinity"),
    ("yes", "yes"),
    ("'1'", "1"),
    ("!!str 1.0", "1.0"),
    ("? [a, {b: 1, c: }]\n", "[ a, { b: 1, c } ]"),
]


@pytest.mark.parametrize(("key", "expected"), [pytest.param(*case, id=f"c050-{case[0]!r}") for case in KEYS])
def test_keys_are_strings(key: str, expected: str) -> None:
    assert read(f"{key}: x\n")[0].data == {expected: "x"}
