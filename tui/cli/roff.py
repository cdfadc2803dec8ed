"""A manual page as roff, in the macros of man(7): headings, paragraphs, terms, and text that no macro misreads."""

import re

_SPECIAL = {"\\": "\\e", "-": "\\-", "'": "\\[aq]", "`": "\\[ga]", "^": "\\[ha]", "~": "\\[ti]", '"': "\\[dq]"}
_CODE = re.compile(r"(?<!\w)`([^`]+)`")


def escaped(text: str) -> str:
    """The text as itself: no escapes, no macros at the beginning of a line, all letters in ASCII."""
    plain = "".join(_SPECIAL.get(letter) or _letter(letter) for letter in text)
    return f"\\&{plain}" if plain.startswith(".") else plain


def _letter(letter: str) -> str:
    return letter if letter.isascii() else f"\\[u{ord(letter):04X}]"


def prose(text: str) -> str:
    """Text in which `` `words` `` stand in bold."""
    pieces = _CODE.split(text)
    return "".join(bold(piece) if number % 2 else escaped(piece) for number, piece in enumerate(pieces))


def bold(text: str) -> str:
    """The text as it is to be typed."""
    return f"\\fB{escaped(text)}\\fR"


class Page:
    """One manual page, written from above."""

    def __init__(self, name: str, section: int, version: str) -> None:
        """No date: the same program gives the same page."""
        self._lines = [f'.TH {name.upper()} {section} "" "git\\-catalog {escaped(version)}" "git\\-catalog"']
        self._name = name

    @property
    def text(self) -> str:
        """The page as a file."""
        return "\n".join(self._lines) + "\n"

    def name(self, summary: str) -> None:
        """The line that apropos(1) looks into."""
        self.heading("NAME")
        self._lines.append(f"{escaped(self._name)} \\- {escaped(summary)}")

    def heading(self, title: str) -> None:
        """Begin a section."""
        self._lines.append(f'.SH "{escaped(title)}"')

    def heading_below(self, title: str) -> None:
        """Begin a part of a section."""
        self._lines.append(f'.SS "{escaped(title)}"')

    def paragraph(self, text: str) -> None:
        """A paragraph of prose; empty ones are left out."""
        if text.strip():
            self._begin()
            self._lines.append(prose(" ".join(text.split())))

    def synopsis(self, command: str, rest: str) -> None:
        """How a command is typed."""
        self._begin()
        self._lines.append(f"{bold(command)} {escaped(rest)}".rstrip())

    def term(self, term: str, meaning: str) -> None:
        """What is to be typed, and what it means."""
        self._lines += [".TP", bold(term), prose(meaning or " ")]

    def example(self, command: str, meaning: str) -> None:
        """A line that can be copied, below what it does."""
        self._begin()
        self._lines += [prose(meaning), ".PP", ".RS 4", ".EX", escaped(command), ".EE", ".RE"]

    def _begin(self) -> None:
        if not self._lines[-1].startswith(".S"):  # a heading begins a paragraph by itself
            self._lines.append(".PP")
