"""Addresses that a terminal may be given as hyperlinks (OSC 8)."""

from tui.safe_text import dangerous

SCHEMES = ("https://", "http://", "mailto:")
LONGEST = 2000


def clickable(url: str | None) -> str:
    """The address with everything unusual percent-encoded; "" where it should not be clicked on."""
    if not url or len(url) > LONGEST or not url.lower().startswith(SCHEMES) or dangerous().search(url):
        return ""
    from urllib.parse import quote

    return quote(url, safe=":/?#[]@!$&'()*+,;=-._~%")
