"""JSON with comment lines and trailing commas, as documentation prints it (H11, P7)."""

import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest

from syncd.api.lenient import load_leniently
from syncd.api.request import Request
from syncd.errors import InputError

REQUEST = cast(Request, SimpleNamespace(id="0123"))


@pytest.mark.parametrize(
    ("content", "value", "lenient"),
    [
        pytest.param('{"a": 1}', {"a": 1}, False, id="h011-strict-json"),
        pytest.param(
            '{"a": "# no comment\\n// none"}', {"a": "# no comment\n// none"}, False, id="h011-marks-in-texts"
        ),
        pytest.param('{\n  # one\n  // two\n"a": 1\n}\n# three', {"a": 1}, True, id="h011-comment-lines"),
        pytest.param('{"a": [1, 2, ], \n}', {"a": [1, 2]}, True, id="h011-trailing-commas"),
        pytest.param('// x\n{"a": ",]", "b": "\\",}",}', {"a": ",]", "b": '",}'}, True, id="h011-commas-in-texts"),
        pytest.param('#\r\n{"a": 1,\r\n}\r\n', {"a": 1}, True, id="h011-lines-of-windows"),
    ],
)
def test_h011_comments_and_trailing_commas_are_dropped(
    content: str, value: Any, lenient: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert load_leniently(REQUEST, content.encode()) == value
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["request 0123"] * lenient


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="h011-nothing"),
        pytest.param("nonsense", id="h011-nonsense"),
        pytest.param("# nothing but a comment", id="h011-only-a-comment"),
        pytest.param('{"a": 1 // behind a value\n}', id="h011-a-comment-behind-a-value"),
        pytest.param('{"a": 1,, "b": 2}', id="h011-a-comma-too-many"),
        pytest.param("{'a': 1}", id="h011-single-quotes"),
        pytest.param('# x\n{"a": 1, "a": 2}', id="h011-a-doubled-key"),
        pytest.param('{"a": "\\u0000",}', id="h011-nul"),
        pytest.param("# x\n" + "[" * 66 + "]" * 66, id="h011-too-deep"),
    ],
)
def test_h011_the_rest_stays_refused(content: str) -> None:
    with pytest.raises(InputError):
        load_leniently(REQUEST, content.encode())


def test_h011_a_mistake_is_told_with_its_own_place() -> None:
    with pytest.raises(InputError, match="line 3, column 18"):
        load_leniently(REQUEST, b'{\n# x\n "b": [1,], "a": x\n}')


@pytest.mark.parametrize("piece", ['"\\', '"', "\\", ",", ", \n", "#\n", '"\\"', "/"])
def test_h011_hostile_bodies_take_no_time(piece: str) -> None:
    """A megabyte of anything is looked at once; a quadratic reading would take minutes."""
    with pytest.raises(InputError):
        load_leniently(REQUEST, (piece * (1024 * 1024 // len(piece))).encode())
