"""Every kind of signature is compared in constant time, and with nothing else (R62, H76)."""

import base64
import hmac
from collections.abc import Callable, Sequence

import pytest

from syncd.signature import is_signed, is_standard_signed, is_token, standard_key
from tests.support.activity import signature

CONTENT = b'{"a": 1}'
SECRET = "whsec_" + base64.b64encode(b"a key of some bytes").decode()
STANDARD = "v1," + base64.b64encode(hmac.digest(b"a key of some bytes", b"id.17." + CONTENT, "sha256")).decode()

Judge = Callable[[Sequence[str]], bool]
JUDGES: dict[str, tuple[Judge, str]] = {
    "h076-hex": (lambda given: is_signed(CONTENT, "key", "sha256", given), signature(CONTENT, "key")),
    "r062-standard": (lambda given: is_standard_signed(CONTENT, SECRET, "id", "17", given), STANDARD),
    "r062-token": (lambda given: is_token("token of some length", given), "token of some length"),
}


@pytest.mark.parametrize("given", ["{right}", "{right}x", "x{right}", "wrong", "sha256=short", "v1,", "\xe9"])
@pytest.mark.parametrize(("judge", "right"), JUDGES.values(), ids=list(JUDGES))
def test_signatures_are_compared_in_constant_time(
    monkeypatch: pytest.MonkeyPatch, judge: Judge, right: str, given: str
) -> None:
    compared: list[bool] = []

    def compare(one: bytes, two: bytes) -> bool:
        compared.append(one == two)
        return constant_time(one, two)

    constant_time = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert judge([given.format(right=right)]) == (given == "{right}")
    assert compared == [given == "{right}"]  # the answer is that of the one comparison


@pytest.mark.parametrize(("judge", "right"), JUDGES.values(), ids=list(JUDGES))
def test_two_headers_are_none(judge: Judge, right: str) -> None:
    assert judge([right])
    assert not judge([right, right])
    assert not judge([])
    assert not judge([""])


def test_r062_one_of_several_standard_signatures_is_enough() -> None:
    assert is_standard_signed(CONTENT, SECRET, "id", "17", [f"v1,AAAA {STANDARD} v1a,AAAA"])
    assert not is_standard_signed(CONTENT, SECRET, "id", "17", ["v1,AAAA v1a,AAAA"])
    assert not is_standard_signed(CONTENT, SECRET, "id", "17", [STANDARD.replace("v1,", "v2,")])
    assert not is_standard_signed(CONTENT, SECRET, "id", "18", [STANDARD])


def test_a_key_is_base64() -> None:
    assert standard_key("whsec_AAEC") == standard_key("AAEC") == b"\x00\x01\x02"
    with pytest.raises(ValueError, match="base64"):
        standard_key("whsec_no base64")
