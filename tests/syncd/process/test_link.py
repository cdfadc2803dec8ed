"""Links are judged as browsers judge URLs; the answers in these tables are those of a WHATWG URL parser."""

import pytest

from syncd.process.link import is_absolute_url


@pytest.mark.parametrize(
    "text",
    [
        "https://x.test",
        "https://x.test:65535/p?q#f",
        "HTTPS://ü.test",
        "https:x.test",
        "http:\\\\x.test",
        "https://u:p@x.test",
        "https://1.2.3",
        "https://0x7f.1",
        "https://[::1]:80/",
        "https://${{x}}",
        "https://a_b",
        " https://x.test ",
        "ht\ntps://x.test",
        "mailto:x@y.test",
        "foo:",
        "foo://",
        "file:///etc/hosts",
        "a+b-c.d://x",
    ],
)
def test_an_absolute_url_is_accepted(text: str) -> None:
    assert is_absolute_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "nope",
        "/a/b",
        "//x.test",
        "://x.test",
        "1a://x.test",
        "https://",
        "https://:80",
        "https://a b",
        "https://a%20b",
        "https://%zz",
        "https://a|b",
        "https://x.test:65536",
        "https://x.test:8x",
        "https://256.1.1.1",
        "https://1.2.3.4.5",
        "https://a.1",
        "https://08.1",
        "https://[::g]",
        "https://[::1",
        "https://[::1]x",
        "https://\u200b",
        "foo://a b",
    ],
)
def test_what_is_no_absolute_url_is_refused(text: str) -> None:
    assert not is_absolute_url(text)
