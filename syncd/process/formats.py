"""What names, tags and labels may look like (spec 1.3), and how to say what is wrong with one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from syncd.model.text import shown

_SUBDOMAIN = (
    r"(?=[a-z0-9.-]{1,253}(?:/|\Z))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"


@dataclass(frozen=True, slots=True)
class Format:
    """A full-match rule with the sentence that people read.

    `alphabet` matches one allowed character; `longest` counts characters (everything allowed is ASCII, so they are
    UTF-16 units too).
    """

    fits: Callable[[str], object]
    rule: str
    alphabet: Callable[[str], object]
    longest: int = 63
    pattern: str = ""
    """The rule as a regular expression that has to match all of a text."""

    def fault(self, text: str) -> str:
        """What is wrong with a text that does not fit, as the rest of a sentence: `has a space`."""
        foreign = next((char for char in text if not self.alphabet(char)), None)
        if foreign is not None:
            if self.alphabet(foreign.lower()):
                return "has an upper-case letter"
            return f"has {_CALLED.get(foreign) or quoted(foreign)}"
        if len(text) > self.longest:
            return f"is {len(text)} characters long"
        for side, char in (("starts", text[0]), ("ends", text[-1])):
            if not char.isalnum() and not self.fits(char):
                return f"{side} with {quoted(char)}"
        return "does not fit"


_CALLED = {" ": "a space", "\n": "a line break", "\t": "a tab", "\u00a0": "a no-break space"}


def _format(pattern: str, alphabet: str, rule: str, longest: int = 63) -> Format:
    return Format(re.compile(pattern).fullmatch, rule, re.compile(alphabet).fullmatch, longest, pattern)


NAME = _format(_NAME, r"[A-Za-z0-9_.-]", "use 1-63 letters, digits, - _ . with a letter or digit at both ends")
NAMESPACE = _format(
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|account(?:\.[A-Za-z0-9_-]{1,63}){1,2}",  # the latter: a scope of Harness
    r"[a-z0-9-]",
    "use 1-63 lower-case letters, digits and - with a letter or digit at both ends",
)
KIND = _format(r"[A-Za-z][A-Za-z0-9]{0,62}", r"[A-Za-z0-9]", "use 1-63 letters and digits, a letter first")
API_VERSION = _format(
    rf"(?:{_SUBDOMAIN}/)?[A-Za-z0-9]{{1,63}}",
    r"[A-Za-z0-9./-]",
    "write version or domain/version, such as backstage.io/v1alpha1",
    317,
)
KEY = _format(
    rf"(?:{_SUBDOMAIN}/)?{_NAME}",
    r"[A-Za-z0-9_./-]",
    "write name or domain/name: 1-63 letters, digits, - _ . after a lower-case domain",
    317,
)
LABEL_VALUE = _format(
    f"(?:{_NAME})?", r"[A-Za-z0-9_.-]", "use up to 63 letters, digits, - _ . with a letter or digit at both ends"
)
TAG = _format(
    r"(?=.{1,63}\Z)[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*",
    r"[a-z0-9:+#-]",
    "use 1-63 lower-case letters, digits, + # : and single - between them",
)


def quoted(text: str, longest: int = 60) -> str:
    """A value as it may be shown to people: in quotes, shortened, control and invisible characters escaped."""
    return f'"{shown(text, longest)}"'
