"""Glob patterns over git paths, matched in time linear in the path (R32)."""

from dataclasses import dataclass, field
from typing import Final

MAX_LENGTH: Final = 512
MAX_WILDCARDS: Final = 16
_WILD: Final = frozenset("*?[")


class PatternError(ValueError):
    """The text is no path pattern; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class _Any:
    """`?`"""

    def accepts(self, _: str) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class _Set:
    """`[a-z_]` or `[!a-z]`."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool

    def accepts(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class _Literal:
    character: str

    def accepts(self, character: str) -> bool:
        return character == self.character


_Token = _Any | _Set | _Literal | None
"""None stands for `*`."""


@dataclass(frozen=True, slots=True)
class _Glob:
    """One wild segment as a bit-parallel automaton: bit i is "token i comes next", so that no input backtracks."""

    tokens: tuple[_Token, ...]
    stars: int
    masks: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def matches(self, name: str) -> bool:
        stars = self.stars
        state = 1 | (stars & 1) << 1
        for character in name:
            state = (state & self._mask(character)) << 1 | state & stars
            state |= (state & stars) << 1
            if not state:
                return False
        return bool(state >> len(self.tokens) & 1)

    def _mask(self, character: str) -> int:
        mask = self.masks.get(character)
        if mask is None:
            mask = sum(1 << i for i, token in enumerate(self.tokens) if token and token.accepts(character))
            if len(self.masks) < 1024:  # names choose the characters, so the memory must not be theirs to choose
                self.masks[character] = mask
        return mask


_Segment = str | _Glob | None
"""A literal name, a wild one, or None for `**`."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path from the repository's root. `*` and `?` stay inside a segment, `**` as a segment is any depth (also none).

    Comparison is case-sensitive; a leading dot is a character like any other.
    """

    text: str
    segments: tuple[_Segment, ...] = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "Pattern":
        """Read a pattern. Raises `PatternError` for one that is too long, too wild, or leaves the repository."""
        if len(text) > MAX_LENGTH:
            raise PatternError(f"pattern is longer than {MAX_LENGTH} characters")
        parts = _split(text)
        segments = tuple(None if part == "**" else _segment(part, text) for part in parts)
        wildcards = sum(_wildcards(segment) for segment in segments)
        if wildcards > MAX_WILDCARDS:
            raise PatternError(f"pattern has {wildcards} wildcards, at most {MAX_WILDCARDS} are allowed")
        return cls(text, segments)

    @classmethod
    def exact(cls, path: str) -> "Pattern":
        """The pattern that matches this path only, whatever characters it holds. Raises `PatternError` as `parse`."""
        return cls(path, tuple(_split(path)))

    @property
    def is_exact(self) -> bool:
        """True where the pattern names one path, so that no walk is needed."""
        return all(isinstance(segment, str) for segment in self.segments)

    @property
    def prefix(self) -> str:
        """The literal directory below which every match lies; "" is the root."""
        literal: list[str] = []
        for segment in self.segments[:-1]:
            if not isinstance(segment, str):
                break
            literal.append(segment)
        return "/".join(literal)

    def matches(self, path: str) -> bool:
        """Whether the whole path matches."""
        states = self.start
        for name in path.split("/"):
            states = self.step(states, name)
            if not states:
                return False
        return self.accepts(states)

    @property
    def start(self) -> int:
        """The state of a walk at the root: a bit for each segment that may come next."""
        return self._skip(1)

    def step(self, states: int, name: str) -> int:
        """The state after entering `name`; 0 means that nothing below can match."""
        result = 0
        for index, segment in enumerate(self.segments):
            if not states >> index & 1:
                continue
            if segment is None:
                result |= 1 << index
            elif segment == name if isinstance(segment, str) else segment.matches(name):
                result |= 1 << index + 1
        return self._skip(result)

    def active(self, states: int) -> tuple[list[str], bool]:
        """The literal names that may come next, and whether a wild segment may come next."""
        segments = [segment for index, segment in enumerate(self.segments) if states >> index & 1]
        literals = [segment for segment in segments if isinstance(segment, str)]
        return literals, any(isinstance(segment, _Glob) for segment in segments)

    def accepts(self, states: int) -> bool:
        """Whether a walk in this state stands on a match."""
        return bool(states >> len(self.segments) & 1)

    def _skip(self, states: int) -> int:
        for index, segment in enumerate(self.segments):
            if segment is None and states >> index & 1:
                states |= 1 << index + 1
        return states


def _split(text: str) -> list[str]:
    if any(ord(character) < 32 or character == "\x7f" for character in text):
        raise PatternError("a path holds no control characters")
    if "\\" in text:
        raise PatternError("write / between directories, not \\")
    if text.startswith("/"):
        raise PatternError(f"paths start at the repository's root: write {text.lstrip('/') or 'a path'!r}")
    parts = text.split("/")
    if not all(parts):
        raise PatternError(f"path {text!r} has an empty segment")
    for part in parts:
        if part in {".", ".."} or part.lower() == ".git":
            raise PatternError(f"path {text!r} may not hold the segment {part!r}")
    return parts


def _segment(part: str, text: str) -> str | _Glob:
    if not _WILD.intersection(part):
        return part
    tokens: list[_Token] = []
    at = 0
    while at < len(part):
        character = part[at]
        if character == "[":
            token, at = _set(part, at, text)
            tokens.append(token)
            continue
        at += 1
        if character != "*":
            tokens.append(_Any() if character == "?" else _Literal(character))
        elif not tokens or tokens[-1] is not None:  # two stars are one, which keeps the automaton's skip a single step
            tokens.append(None)
    return _Glob(tuple(tokens), sum(1 << i for i, token in enumerate(tokens) if token is None))


def _set(part: str, at: int, text: str) -> tuple[_Set, int]:
    first = at + 1
    negated = part[first : first + 1] in {"!", "^"}
    first += negated
    end = part.find("]", first + 1)  # a ] directly after the opening is a member
    if end == -1:
        raise PatternError(f"[ is not closed in pattern {text!r}")
    ranges: list[tuple[str, str]] = []
    members = part[first:end]
    while members:
        if len(members) >= 3 and members[1] == "-":
            ranges.append((members[0], members[2]))
            members = members[3:]
        else:
            ranges.append((members[0], members[0]))
            members = members[1:]
    return _Set(tuple(ranges), negated), end + 1


def _wildcards(segment: _Segment) -> int:
    if segment is None:
        return 1
    return 0 if isinstance(segment, str) else sum(not isinstance(token, _Literal) for token in segment.tokens)
