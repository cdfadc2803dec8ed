"""Any edit of any readable file: done exactly and taken back, or refused for a reason that is in the file (R48)."""

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_pieces
from syncd.model.json import FieldPath, Json
from syncd.patch.edit import FieldEdit, applied, same
from syncd.patch.patch import patched

LIST: list[Json] = ["a", ["b"]]
TREE: dict[str, Json] = {"k": {"l": [1, "m\nn\n"]}}
NEW: tuple[Json, ...] = (
    *(
        "word",
        "yes",
        "012",
        "~",
        "",
        " x ",
        "it's",
        "a: b",
        "#",
        "- x",
        "ü😀",
        "tab\t",
        "a\nb",
        "a\n\nb\n",
        "x\n\n",
        "\r",
    ),
    *("\u2028", "C:\\d", "[x", "a, b", "? x", "key:", True, None, 0, -1.5, [], {}, LIST, TREE),
)
PLAIN = ("x", "two words", "5", "true", "null", "~", "a-b", "http://x.example/y#z")
COMMENT = re.compile(r"# c\d+")


Choice = TypeVar("Choice")


class Author:
    """Writes a document in the way of somebody who cares for no rule of style; every comment has its own number."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._comments = 0

    def document(self) -> str:
        end = self._pick("\n", "\n", "\r\n")
        text = self._pick("", "", "---\n", "# c0\n\n") + "".join(
            line + "\n" for line in self._mapping(self._pick("", "", "  "), 0)
        )
        text = text + self._pick("", "\n", "# c9999\n", "...\n", "---\nother: 1\n---\nbroken: [\n")
        text = text if self._pick(True, True, False) else text.removesuffix("\n")
        return self._pick("", "", "\ufeff") + text.replace("\n", end)

    def _pick(self, *choices: Choice) -> Choice:
        return self._draw(st.sampled_from(choices))

    def _count(self, most: int) -> range:
        return range(self._draw(st.integers(1, most)))

    def _comment(self) -> str:
        if self._pick(False, False, True):
            self._comments += 1
            return f"{self._pick(' ', '   ')}# c{self._comments}"
        return self._pick("", "", " ")

    def _between(self, indent: str) -> Iterator[str]:
        if self._pick(False, False, False, True):
            self._comments += 1
            yield self._pick("", f"{indent}# c{self._comments}", f"# c{self._comments}")

    def _mapping(self, indent: str, depth: int) -> Iterator[str]:
        for number in self._count(3):
            if number:
                yield from self._between(indent)
            key = self._pick(f"k{number}", f"k{number}", f"'k{number}'", f'"k{number}"')
            yield from self._value(indent, f"{indent}{key}:", depth)

    def _sequence(self, indent: str, depth: int) -> Iterator[str]:
        for number in self._count(3):
            if number:
                yield from self._between(indent)
            kind = self._pick("value", "value", "mapping", "sequence") if depth < 3 else "value"
            if kind == "value":
                yield from self._value(indent, f"{indent}-", 3)
            else:
                inner = indent + self._pick("  ", "    ")
                lines = list(self._mapping(inner, depth + 1) if kind == "mapping" else self._sequence(inner, depth + 1))
                yield indent + "-" + lines[0][len(indent) + 1 :]
                yield from lines[1:]

    def _value(self, indent: str, head: str, depth: int) -> Iterator[str]:
        kind = self._pick(
            "scalar", "scalar", "scalar", "none", "text", "flow", *(("mapping", "sequence") if depth < 3 else ())
        )
        inner = indent + self._pick("  ", "  ", "    ")
        if kind == "scalar":
            yield head + self._pick(" ", " ", "   ") + self._scalar() + self._comment()
        elif kind == "none":
            yield head + self._comment()
        elif kind == "text":
            yield head + " " + self._pick("|", "|-", ">", ">-", "|+")
            yield from (self._pick(f"{inner}line {number}", f"{inner}line {number}", "") for number in self._count(3))
            yield f"{inner}end"
        elif kind == "flow":
            yield head + " " + self._flow(2) + self._comment()
        else:
            yield head + self._comment()
            yield from self._between(inner)
            if kind == "mapping":
                yield from self._mapping(inner, depth + 1)
            else:
                yield from self._sequence(self._pick(indent, inner), depth + 1)

    def _scalar(self) -> str:
        return self._pick(*PLAIN, "'it''s'", "'x'", '"y"', '"a\\nb"')

    def _flow(self, depth: int) -> str:
        if depth == 0:
            return self._pick("x", "5", "'x'", '"y"')
        gap = self._pick("", " ")
        if self._pick(True, False):
            return "[" + gap + ", ".join(self._flow(depth - 1) for _ in self._count(3)) + gap + "]"
        pairs = (f"f{number}: {self._flow(depth - 1)}" for number in self._count(3))
        return "{" + gap + ", ".join(pairs) + gap + "}"


_json = st.recursive(
    st.sampled_from([None, True, 1, 2.5, "x", "a b", "", 'say "so"', "\u00fc\U0001f600", "a\nb"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def written_json(draw: st.DrawFn) -> str:
    """A JSON file, dense, on one line, or indented."""
    value = draw(st.dictionaries(st.sampled_from("abc"), _json, min_size=1, max_size=3))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (",", ": ")]))
    indent = draw(st.sampled_from([None, 2, "\t"]))
    return json.dumps(value, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))


@st.composite
def edited_files(draw: st.DrawFn) -> tuple[bytes, list[FieldEdit]]:
    """A file and one to three edits, each fitting the data that the ones before left."""
    content = (written_json(draw) if draw(st.sampled_from([False] * 4 + [True])) else Author(draw).document()).encode()
    value = said(content)
    edits: list[FieldEdit] = []
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path, _ in places(value)] or [("new",)]))
        new = draw(st.sampled_from(NEW))
        choices = [FieldEdit(path, "set", new), FieldEdit(path, "remove"), FieldEdit((*path[:-1], "new"), "set", new)]
        if isinstance(path[-1], int):
            choices = [*choices[:2], FieldEdit(path, "insert", new), FieldEdit(path[:-1], "append", new)]
        edits.append(draw(st.sampled_from(choices)))
        value = applied(value, edits[-1:])
    return content, edits


def said(content: bytes) -> Json:
    found = read_pieces(content, ParseLimits())
    assert isinstance(found, list)
    assert found[0].failure is None, (content, found[0].failure)
    return found[0].value


def places(value: Json, path: FieldPath = ()) -> Iterator[tuple[FieldPath, Json]]:
    """All fields of a document and what they say."""
    inner: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        inner += value.items()
    elif isinstance(value, list):
        inner += enumerate(value)
    for step, item in inner:
        yield (*path, step), item
        yield from places(item, (*path, step))


@settings(max_examples=250)
@given(edited_files())
def test_r048_any_edit_is_exact_and_can_be_taken_back(file: tuple[bytes, list[FieldEdit]]) -> None:
    content, edits = file
    patch = patched(content, 0, edits)
    assert same(said(patch.content), applied(said(content), edits))
    assert patched(patch.content, 0, patch.undo.edits, patch.undo.hunks).content == content
    assert is_json(patch.content) or not is_json(content)
    assert same(said(patched(patch.content, 0, patch.undo.edits).content), said(content))
    if len(edits) == 1 and spares_comments(said(content), edits[0]):
        assert COMMENT.findall(patch.content.decode()) == COMMENT.findall(content.decode())


def is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def spares_comments(value: Json, edit: FieldEdit) -> bool:
    """Is nothing taken away but a single value?"""
    if edit.op == "remove":
        return False
    fields = dict(places(value))
    return edit.op != "set" or not isinstance(fields.get(edit.path), dict | list)
