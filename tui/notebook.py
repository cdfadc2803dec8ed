"""What the interface remembers of its own from one day to the next: theme, tips that were seen, questions in SQL.

It is a small file in the state directory. Losing it harms nobody, so nothing is said when it cannot be read or written.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

KEPT_QUESTIONS = 100
"""Questions in SQL that are remembered."""

LONGEST_QUESTION = 20_000
"""Characters of a question in SQL that is remembered: all of them have to fit into the file."""

KEPT_PROBLEMS = 2000
"""Problems put aside that are remembered."""

LARGEST = 1 << 20
"""Bytes of the file that are read at most."""


class Notebook:
    """Read when it is first asked, written with every change; without a path it forgets everything."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._notes: dict[str, Any] | None = None

    @property
    def theme(self) -> str:
        """The name of the theme that was chosen last, empty where none was."""
        found = self._read().get("theme")
        return found if isinstance(found, str) else ""

    @theme.setter
    def theme(self, name: str) -> None:
        self._write("theme", name)

    @property
    def target(self) -> str:
        """Where the last edit was written to, empty where none was."""
        found = self._read().get("target")
        return found if isinstance(found, str) else ""

    @target.setter
    def target(self, name: str) -> None:
        self._write("target", name)

    @property
    def questions(self) -> list[str]:
        """Questions in SQL, the newest first."""
        found = self._read().get("sql")
        return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []

    def asked(self, question: str) -> None:
        """Remember a question; one that was asked before comes to the front."""
        if len(question) > LONGEST_QUESTION:
            return
        others = [text for text in self.questions if text != question]
        self._write("sql", [question, *others][:KEPT_QUESTIONS])

    @property
    def opened(self) -> tuple[list[str], int]:
        """Questions in SQL that were open, and the place of the one in front."""
        found = self._read().get("open")
        texts, front = (found.get("texts"), found.get("front")) if isinstance(found, dict) else (None, None)
        known = [text for text in texts if isinstance(text, str)] if isinstance(texts, list) else []
        return known, front if isinstance(front, int) else 0

    def keep_open(self, texts: Sequence[str], front: int) -> None:
        """Remember which questions are open; one that is too long comes back empty."""
        kept = [text if len(text) <= LONGEST_QUESTION else "" for text in texts]
        if self.opened != (kept, front):
            self._write("open", {"texts": kept, "front": front})

    def first_time(self, tip: str) -> bool:
        """Whether a tip was never given before; it counts as given from now on. Who remembers nothing gives none."""
        if self._path is None:
            return False
        seen = self._read().get("tips")
        given = [one for one in seen if isinstance(one, str)] if isinstance(seen, list) else []
        if tip in given:
            return False
        self._write("tips", [*given, tip])
        return True

    @property
    def known(self) -> frozenset[str]:
        """Problems that were put aside."""
        found = self._read().get("known")
        return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()

    def know(self, problem: str) -> None:
        """Put a problem aside; one that was is taken back."""
        known = self._read().get("known")
        others = [one for one in known if isinstance(one, str)] if isinstance(known, list) else []
        if problem in others:
            others.remove(problem)
        else:
            others = [*others, problem][-KEPT_PROBLEMS:]
        self._write("known", others)

    def size_of(self, pane: str, usual: int) -> int:
        """The size that somebody gave a pane."""
        sizes = self._read().get("panes")
        found = sizes.get(pane) if isinstance(sizes, dict) else None
        return found if isinstance(found, int) and not isinstance(found, bool) else usual

    def resized(self, pane: str, size: int) -> None:
        """Remember the size of a pane."""
        sizes = self._read().get("panes")
        self._write("panes", {**(sizes if isinstance(sizes, dict) else {}), pane: size})

    def _read(self) -> dict[str, Any]:
        if self._notes is None:
            self._notes = {}
            with suppress(OSError, ValueError):
                if self._path and self._path.stat().st_size <= LARGEST:
                    found = json.loads(self._path.read_text(encoding="utf-8"))
                    self._notes = found if isinstance(found, dict) else {}
        return self._notes

    def _write(self, name: str, value: Any) -> None:
        self._read()[name] = value
        if self._path is None:
            return
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = self._path.with_name(f".{self._path.name}.part")
            beside.touch(mode=0o600)
            beside.write_text(json.dumps(self._notes, ensure_ascii=False), encoding="utf-8", errors="replace")
            beside.replace(self._path)
