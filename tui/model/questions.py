"""Questions in SQL that are open at once, a tab each: what is written, waited for, answered, and not seen yet."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.model.lines import Tone, fitted
from tui.model.sql_source import SqlResult
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text

MOST_OPEN = 9
"""As many as there are digits to go to them."""

FIRST = "SELECT kind, count(*) AS entities\nFROM entities\nGROUP BY ALL\nORDER BY entities DESC, kind"
"""What is proposed where nothing was asked yet."""

LONGEST_NAME = 16
"""Cells of a tab's name."""

_TABLE = re.compile(r"\bfrom\s+\"?(\w+)", re.IGNORECASE)


class Said(NamedTuple):
    """A sentence for the line above the keys; `tone` is None for the mark's own."""

    mark: Mark
    text: str
    tone: Tone | None = None


@dataclass(slots=True, eq=False)
class Question:
    """One tab. `asked` is what `result` answers; `run` is the number of what is waited for, 0 for nothing, `asking` its
    text.

    `arrived` is when the result came, by a clock of the caller in seconds. `news` is what became of it while another
    tab was in front.
    """

    text: str
    asked: str = ""
    result: SqlResult | None = None
    arrived: float = 0.0
    asking: str = ""
    run: int = 0
    said: Said | None = None
    news: Mark | None = None

    @property
    def mark(self) -> Mark | None:
        """What its tab shows behind its name: that it is waited for, or what came of it and was not seen."""
        return Mark.WAITING if self.run else self.news

    @property
    def name(self) -> str:
        """The table that it asks first, else its first word."""
        found = _TABLE.search(self.text[:2000])
        words = self.text[:200].split()
        return safe_text(found[1] if found else words[0] if words else "empty")

    def holds_unasked(self, asked: Collection[str]) -> bool:
        """Whether something is written that would be lost: neither proposed nor among these questions."""
        return bare(self.text) not in ("", FIRST, self.asked, self.asking, *asked)

    def age(self, now: float) -> float:
        """Seconds since the data were as the answer shows them."""
        return (self.result.age if self.result else 0.0) + max(0.0, now - self.arrived)

    def cancel(self) -> None:
        """Wait no longer."""
        self.run, self.asking = 0, ""

    def answer(self, result: SqlResult, now: float) -> None:
        """What was waited for is here."""
        self.result, self.asked, self.arrived = result, self.asking, now
        self.cancel()


@dataclass(slots=True)
class OpenQuestions:
    """At least one, of which one is in front."""

    _questions: list[Question]
    _at: int = 0
    _runs: int = field(default=0, init=False)

    @classmethod
    def of(cls, texts: Sequence[str], front: int = 0) -> "OpenQuestions":
        """Questions with these texts, as many as may be open; without any, one that is empty."""
        questions = [Question(text) for text in texts[:MOST_OPEN]] or [Question("")]
        return cls(questions, front if 0 <= front < len(questions) else 0)

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions)

    @property
    def front(self) -> Question:
        """The one that is looked at."""
        return self._questions[self._at]

    @property
    def at(self) -> int:
        """Its place, from 0."""
        return self._at

    @property
    def is_full(self) -> bool:
        """Whether no other can be opened."""
        return len(self) >= MOST_OPEN

    @property
    def texts(self) -> list[str]:
        """What is written in each."""
        return [question.text for question in self]

    def go(self, at: int) -> None:
        """Bring one to the front: its news are seen."""
        self._at = at
        self.front.news = None

    def turn(self, step: int) -> None:
        """The one after, or before; from the last to the first."""
        self.go((self._at + step) % len(self))

    def add(self, text: str) -> Question:
        """A new one at the end, in front."""
        self._questions.append(Question(text))
        self.go(len(self) - 1)
        return self.front

    def close(self) -> Question:
        """Take the front one away: the one behind it comes to the front, else the one before."""
        closed = self._questions.pop(self._at)
        self.go(min(self._at, len(self) - 1))
        return closed

    def place_of(self, text: str) -> int | None:
        """Where a text is written already."""
        return next((at for at, question in enumerate(self) if bare(question.text) == bare(text)), None)

    def ask(self, text: str) -> int:
        """The front one is asked; the number that its answer has to bring."""
        self._runs += 1
        self.front.run, self.front.asking = self._runs, text
        return self._runs

    def waiting_for(self, run: int) -> Question | None:
        """Which one waits for the answer of this number; None where nobody does any more."""
        return next((question for question in self if question.run == run), None)

    def tell(self, question: Question, said: Said | None, news: Mark) -> None:
        """Something came of a question; where it is not in front, its tab says so."""
        question.said = said
        question.news = None if question is self.front else news

    def titles(self, symbols: Symbols) -> list[tuple[str, str]]:
        """A title a tab, and one for where there is little room."""
        titles = []
        for number, question in enumerate(self, 1):
            mark = f" {symbols[question.mark]}" if question.mark else ""
            name = fitted(question.name, LONGEST_NAME, symbols.ellipsis).rstrip()
            titles.append((f"{number} {name}{mark}", f"{number}{mark.strip()}"))
        return titles


def bare(text: str) -> str:
    """A question without what surrounds it."""
    return text.strip().rstrip("; \t\n")
