"""What must not be told: one filter for the log, for errors and for answers (R79).

Texts of others end in all three: what git says, what a server answers, what a person typed into a URL.
"""

import re
import threading
from base64 import b64encode
from typing import Final

HIDDEN: Final = "…"
SHORTEST: Final = 6
"""Characters of a secret that is hidden by its value: a shorter one is a part of words."""
MOST: Final = 1_000
"""Secrets that are remembered; the first are forgotten, which were replaced long ago."""

_URL: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20})://(?P<rest>[^\s'\"<>]*)")
_ARGUMENT: Final = re.compile(r"(?<=[?&])(?!(?:path|version|at|raw|mode)=)([\w.~%-]+=)[^&]*")
"""Of the query of a URL, what does not merely name a file on Azure DevOps or Bitbucket."""
_MARKED: Final = re.compile(
    r"\b(?P<name>(?:proxy-)?authorization|x-api-key|(?:\w+-)+signature[\w-]*|[\w-]*gitlab-token)(?P<sign>:\s*)"
    r"(?:(?:basic|bearer|token)\s+)?[\w+/=.~-]{8,}"
    r"|\bgcat(?:sec)?_[\w.-]+",
    re.IGNORECASE,
)
"""Headers that open something or are signed with a secret, and our own tokens, which begin so; not `Bearer TOKEN`."""


class _Known:
    """Secrets that this process has read, to be found wherever they turn up; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, None] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        with self._lock:
            new = [text for text in _spellings(secret) if text not in self._secrets]
            if not new:
                return
            self._secrets |= dict.fromkeys(new)
            for text in list(self._secrets)[:-MOST]:
                del self._secrets[text]
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def hidden_in(self, text: str) -> str:
        pattern = self._pattern
        return pattern.sub(HIDDEN, text) if pattern else text


_KNOWN: Final = _Known()


def hide(secret: str) -> None:
    """From now on this value is told nowhere, nor is it in base64. A private key is known by each of its lines."""
    _KNOWN.add(secret)


def without_secrets(text: str) -> str:
    """A text with `…` in the place of what opens something."""
    text = _KNOWN.hidden_in(text)
    if "://" in text:
        text = _URL.sub(lambda found: f"{found['scheme']}://{_plain(found['scheme'].lower(), found['rest'])}", text)
    return _MARKED.sub(lambda found: f"{found['name']}{found['sign']}{HIDDEN}" if found["name"] else HIDDEN, text)


def _plain(scheme: str, rest: str) -> str:
    """What follows the scheme of a URL; a user alone is shown for ssh, where it says nothing."""
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    if at and (":" in user or scheme in ("http", "https")):
        authority = f"{HIDDEN}@{host}"
    return authority + slash + _ARGUMENT.sub(rf"\1{HIDDEN}", path)


def _spellings(secret: str) -> list[str]:
    lines = [line.strip() for line in secret.splitlines() if not line.startswith("-----")]
    return [text for line in lines if len(line) >= SHORTEST for text in (line, b64encode(line.encode()).decode())]
