"""Drafts: what was changed and is not written yet, kept in files so that no crash and no key can lose it."""

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.transport import state_directory

KEPT_DAYS = 30
"""Days after which a draft that nobody came back to is removed."""


def drafts_directory() -> Path:
    """Where drafts are: beside the other state of this person."""
    return state_directory() / "drafts"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was changed of these entities and is not written; `at` is the time of the last change, since the epoch."""

    refs: tuple[str, ...]
    changes: int
    at: float


class Drafts:
    """One draft of a form for an entity, and texts from an editor. What cannot be kept is told by OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: set[str] = set()

    @property
    def open(self) -> tuple[str, ...]:
        """The entities of drafts that were made, or taken up, since the start."""
        return tuple(sorted(self._open))

    def keep(self, refs: Sequence[str], changes: Sequence[Any], properties: Sequence[Any], base: str) -> None:
        """Keep what a form says, and the version of the file that it was read from; no changes, no draft."""
        if not changes and not properties:
            self.drop(refs)
            return
        self._open.add(_name(refs))
        kept = {"refs": list(refs), "changes": changes, "properties": properties, "base": base}
        self._write(self._file(refs), json.dumps(kept, ensure_ascii=False))

    def find(self, refs: Sequence[str]) -> tuple[list[Any], list[Any], str] | None:
        """What an earlier form said of these entities: changes of fields, of what lies over them, and the version."""
        try:
            found = json.loads(self._file(refs).read_text(encoding="utf-8"))
            if found["refs"] == list(refs):
                self._open.add(_name(refs))
                return list(found["changes"]), list(found["properties"]), str(found["base"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None

    def all(self) -> list[Draft]:
        """The drafts of forms, the newest first; what cannot be read is none."""
        found: list[Draft] = []
        for path in self.folder.glob("*.json") if self.folder.is_dir() else ():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                kept = json.loads(path.read_text(encoding="utf-8"))
                count = len(kept["changes"]) + len(kept["properties"])
                found.append(Draft(tuple(map(str, kept["refs"])), count, path.stat().st_mtime))
        return sorted(found, key=lambda one: -one.at)

    def drop(self, refs: Sequence[str]) -> None:
        """It is written, or not wanted any more."""
        self._open.discard(_name(refs))
        with contextlib.suppress(OSError):
            self._file(refs).unlink()

    # -- texts

    def text_file(self, ref: str, base: str, text: str) -> Path:
        """The file with the text of a document, readable by this person only (R76); one that was kept wins over `text`.

        Its name holds the version that the text was made of: `base_of` gives it back.
        """
        name = re.sub(r"[^A-Za-z0-9._]", "", ref.rpartition("/")[2])[:60] or "document"
        begin = f"{name}-{hashlib.sha256(ref.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
        kept = sorted(self.folder.glob(f"{begin}-*.yaml")) if self.folder.is_dir() else []
        path = kept[0] if kept else self.folder / f"{begin}-{base}.yaml"
        if not kept:
            self._write(path, text)
        self._open.add(str(path))
        return path

    @staticmethod
    def base_of(path: Path) -> str:
        """The version that a text was made of."""
        return path.stem.rpartition("-")[2]

    def drop_text(self, path: Path) -> None:
        """It is written, or was not changed."""
        self._open.discard(str(path))
        with contextlib.suppress(OSError):
            path.unlink()

    def sweep(self) -> None:
        """Remove what nobody came back to."""
        oldest = time.time() - KEPT_DAYS * 86_400
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            with contextlib.suppress(OSError):
                if path.suffix in (".json", ".yaml") and path.stat().st_mtime < oldest:
                    path.unlink()

    def _file(self, refs: Sequence[str]) -> Path:
        return self.folder / f"{hashlib.sha256(json.dumps(list(refs)).encode()).hexdigest()[:32]}.json"

    def _write(self, path: Path, text: str) -> None:
        """The old text or the new one, never a part of one."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(f"{path.suffix}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
            file.write(text)
        beside.replace(path)


def _name(refs: Sequence[str]) -> str:
    return refs[0] if len(refs) == 1 else f"{len(refs)} entities"
