"""JSON bodies: what the standard library takes and we do not (R29)."""

import pytest

from syncd.api.body import load_json
from syncd.errors import InputError


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": [1, 2.5, null, true, "\xc3\xbc"]}', {"a": [1, 2.5, None, True, "ü"]}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[" * 64 + b"]" * 64, None),
        (b"[9223372036854775807, 9223372036854775808]", [2**63 - 1, 2.0**63]),
        (b"-12345678901234567890123", -1.2345678901234567e22),
    ],
)
def test_r029_json_is_read(content: bytes, value: object) -> None:
    assert value is None or load_json(content) == value
    load_json(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "not JSON", id="r029-nothing"),
        pytest.param(b"{", "not JSON: .* line 1, column 2", id="r029-cut-off"),
        pytest.param(b"{'a': 1}", "not JSON", id="r029-single-quotes"),
        pytest.param(b"\xff\xfe{\x00", "not UTF-8", id="r029-another-encoding"),
        pytest.param(b'{"a": 1, "a": 2}', "same key twice", id="r029-a-doubled-key"),
        pytest.param(b"[NaN]", "NaN is not JSON", id="r029-not-a-number"),
        pytest.param(b"[-Infinity]", "-Infinity is not JSON", id="r029-infinity"),
        pytest.param(b"[1e999]", "beyond all numbers", id="r029-too-large-a-number"),
        pytest.param(b"1" * 5000, "cannot be used", id="r029-too-many-digits"),
        pytest.param(b'{"a": "\\u0000"}', "the character NUL", id="r029-nul"),
        pytest.param(b'"\\ud800"', "not UTF-8", id="r029-half-a-character"),
        pytest.param(b"[" * 66 + b"]" * 66, "nested more than 64", id="r029-too-deep"),
        pytest.param(b"[" * 200_000, "cannot be used", id="r029-far-too-deep"),
    ],
)
def test_r029_odd_json_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_json(content)
