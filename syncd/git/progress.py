"""How far a fetch is, by what git says on its way; kept apart from what it says of a failure."""

import re
from typing import Final

_AFTER_END: Final = re.compile(rb"(?<=[\r\n])")
_LONGEST: Final = 256
"""Bytes of a line of progress at most; git writes about 80."""

_STEP: Final = re.compile(
    rb"(?:remote: (?P<theirs>Counting|Compressing)|(?P<ours>Receiving|Unpacking|Resolving)) (?:objects|deltas): +"
    rb"(?P<percent>\d{1,3})% \(\d{1,20}/\d{1,20}\)"
    rb"(?:, [\d.]{1,12} [A-Za-z]{1,5}(?: \| [\d.]{1,12} [A-Za-z]{1,5}/s)?)?"
    rb"(?:, done\.|, completed with \d{1,20} local objects?\.?)? *[\r\n]?"
)
_COUNT: Final = re.compile(rb"remote: (?:Enumerating|Counting) objects: +\d{1,20}(?:, done\.)? *[\r\n]?")
_REFS: Final = re.compile(rb"From [^\n]+\n| [ +*!=t-] [^\n]* -> [^\n]*\n")
"""The table of refs that goes with progress; for one that could not be written there is a line of its own as well."""

_SHARES: Final = {
    b"Counting": (0, 5),
    b"Compressing": (5, 10),
    b"Receiving": (10, 80),
    b"Unpacking": (10, 99),
    b"Resolving": (80, 99),
}
"""Of a whole fetch, in percent: where each step begins and ends. The last percent is what git does in silence."""


class Progress:
    """Takes what a fetch writes to stderr, and reads from it how far it is.

    Only git's own lines of progress are read, each of a form of its own; what the server writes goes by another name
    and gets no further than the steps that are the server's. None of the text is kept.
    """

    def __init__(self) -> None:
        self.percent: int | None = None
        """0 to 99 while it is under way, never less than before; None as long as git has told nothing."""
        self._begun = b""
        self._is_tail = False

    def sieve(self, chunk: bytes) -> bytes:
        """What of it is no progress; an empty chunk is the end, and gives what is left."""
        *lines, self._begun = _AFTER_END.split(self._begun + chunk)
        words = []
        for line in lines:
            if self._is_tail or not self._is_told(line):
                words.append(line)
            self._is_tail = False
        if not chunk or self._is_tail or len(self._begun) > _LONGEST:
            # The rest of a long line must not be taken for the beginning of one.
            self._is_tail = bool(chunk)
            words.append(b"" if self._is_told(self._begun) else self._begun)
            self._begun = b""
        return b"".join(words)

    def _is_told(self, line: bytes) -> bool:
        step = _STEP.fullmatch(line)
        if step is None:
            return _COUNT.fullmatch(line) is not None or _REFS.fullmatch(line) is not None
        begin, end = _SHARES[step["theirs"] or step["ours"]]
        done = begin + (end - begin) * min(int(step["percent"]), 100) // 100
        self.percent = max(self.percent or 0, done)
        return True
