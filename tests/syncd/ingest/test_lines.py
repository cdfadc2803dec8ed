"""Lines of fields."""

import pytest

from syncd.ingest.limits import ParseLimits
from syncd.ingest.lines import line_of, lines_of, span_of
from syncd.model.json import FieldPath

TEXT = b"""# head
kind: Component
metadata:
  name: cart
  tags:
  - go
  - name: deep
    "quoted": 1
spec: {owner: a,
  type: b}
1: x
on: &a {k: 1}
alias: *a
"""

PLACES: list[tuple[FieldPath, int]] = [
    ((), 2),
    (("kind",), 2),
    (("metadata",), 3),
    (("metadata", "name"), 4),
    (("metadata", "tags", 0), 6),
    (("metadata", "tags", 1, "quoted"), 8),
    (("metadata", "tags", 7), 5),
    (("metadata", "namespace"), 3),
    (("metadata", "name", "further"), 4),
    (("spec", "owner"), 9),
    (("spec", "type"), 10),
    (("1",), 11),
    (("on", "k"), 12),
    (("alias", "k"), 13),
    (("nowhere", "at", "all"), 2),
]


@pytest.mark.parametrize(("path", "line"), PLACES)
def test_line(path: FieldPath, line: int) -> None:
    assert line_of(TEXT, 0, path) == line


def test_several_lines_in_one_pass() -> None:
    assert lines_of(TEXT, 0, [path for path, _ in PLACES]) == [line for _, line in PLACES]


def test_documents_count_as_in_reading() -> None:
    text = b"a: 1\n---\nb: [\n---\nc: 1\nc: 2\n...\n%YAML 1.1\n---\nyes: 1\n"
    assert [line_of(text, index, ("c",)) for index in range(5)] == [1, 3, 6, 10, 0]
    assert line_of(text, 3, ("true",)) == 10


@pytest.mark.parametrize(
    "text",
    [b"[" * 1_000_000, b"a: {b: " + b"{c: " * 200_000, b"a: [" + b"1," * 200_000, b"a: \xff", b"%TAG !a! b\n" * 99],
)
def test_limits_hold(text: bytes) -> None:
    assert line_of(text, 0, ("a", "b", "c")) == 1


def test_file_too_large() -> None:
    assert lines_of(b"a: 1\n", 0, [("a",), ("b",)], ParseLimits(file_bytes=4)) == [0, 0]


SPANS = b"""# head
kind: Component
metadata:
  name: cart
  description: |
    one

    three

  # about tags
  tags:
  - go
  - {a: 1,
     b: 2}
  plain: several
    lines
spec: {owner: a,
  type: b}
on: &a {k: 1}
alias: *a
empty:
---
second: "x
  y"
"""


@pytest.mark.parametrize(
    ("document", "path", "span"),
    [
        (0, ("kind",), (2, 2)),
        (0, ("metadata",), (3, 16)),
        (0, ("metadata", "name"), (4, 4)),
        (0, ("metadata", "description"), (5, 8)),
        (0, ("metadata", "tags"), (11, 14)),
        (0, ("metadata", "tags", 0), (12, 12)),
        (0, ("metadata", "tags", 1), (13, 14)),
        (0, ("metadata", "tags", 1, "b"), (14, 14)),
        (0, ("metadata", "plain"), (15, 16)),
        (0, ("spec",), (17, 18)),
        (0, ("spec", "owner"), (17, 17)),
        (0, ("alias",), (20, 20)),
        (0, ("empty",), (21, 21)),
        (0, (), (2, 21)),
        (1, ("second",), (23, 24)),
        (0, ("metadata", "nothing"), None),
        (0, ("kind", "below"), None),
        (2, ("kind",), None),
    ],
)
def test_span(document: int, path: FieldPath, span: tuple[int, int] | None) -> None:
    assert span_of(SPANS, document, path) == span
