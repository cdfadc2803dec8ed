"""What is wrong with a question, in the words of the engine, with the place in the text and the nearest name."""

import json
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import duckdb

_CODES = {
    "Parser": "sql.syntax",
    "Syntax": "sql.syntax",
    "Binder": "sql.name",
    "Catalog": "sql.name",
    "Out of Memory": "sql.memory",
    "INTERRUPT": "sql.time",
    "Permission": "sql.refused",
    "FATAL": "sql.crashed",
    "INTERNAL": "sql.crashed",
}
_LOST = "the process that answers has spent its memory or met a fault of the engine; the catalog is unharmed"


class QuestionError(Exception):
    """A question that gets no answer: `code` is stable, `position` an offset in characters of its text."""

    def __init__(self, code: str, message: str, *, hint: str = "", position: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.position = position

    def content(self, text: str) -> dict[str, Any]:
        """As JSON, with line and column (from 1) in `text`."""
        found: dict[str, Any] = {"code": self.code, "message": str(self), "hint": self.hint}
        if self.position is not None:
            at = max(0, min(self.position, len(text)))
            found |= {
                "position": at,
                "line": text.count("\n", 0, at) + 1,
                "column": at - text.rfind("\n", 0, at),
            }
        return found


def explained(error: Exception, text: str, before: int, names: Sequence[str] = ()) -> QuestionError:
    """An error of the engine as one of the question; `before` bytes stood before `text` in what the engine was given.

    `names` are the tables that there are.
    """
    if isinstance(error, MemoryError):
        return QuestionError("sql.memory", "the answer needs more memory than there is (limit sql_memory)")
    told = _told(error)
    kind = str(told.get("exception_type") or "")
    message, *further = str(told.get("exception_message") or error).strip().split("\n")
    code = _CODES.get(kind, "sql.failed")
    if code == "sql.memory":
        return QuestionError(code, "the answer needs more memory than there is (limit sql_memory)", hint=_LESS)
    if code == "sql.time":
        return QuestionError(code, "the question was interrupted")
    if code == "sql.crashed":
        return QuestionError(code, _LOST)
    hint = _hint(told, further, names)
    return QuestionError(code, message.rstrip("!"), hint=hint, position=_position(told, text, before))


_LESS = "ask for fewer rows or columns, or group before joining"


def _told(error: Exception) -> dict[str, Any]:
    found = re.search(r"\{.*\}", str(error), re.DOTALL)
    try:
        told = json.loads(found.group()) if found else None
    except ValueError:
        told = None
    if isinstance(told, dict) and "exception_type" in told:
        return told
    kind = "INTERRUPT" if isinstance(error, duckdb.InterruptException) else type(error).__name__
    return {"exception_type": kind, "exception_message": str(error)}


def _position(told: dict[str, Any], text: str, before: int) -> int | None:
    try:
        at = int(told["position"]) - before
    except (KeyError, ValueError):
        return None
    whole = text.encode()
    return len(whole[:at].decode("utf-8", "ignore")) if 0 <= at <= len(whole) else None


def _hint(told: dict[str, Any], further: Sequence[str], names: Sequence[str]) -> str:
    name = str(told.get("name") or "")
    candidates = [one.strip().strip('"') for one in str(told.get("candidates") or "").split(",") if one.strip()]
    if told.get("error_subtype") == "MISSING_ENTRY" and told.get("type") == "Table":
        near = get_close_matches(name.lower(), names, 1, 0.5)
        return f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
    near = get_close_matches(name.lower(), candidates, 1, 0.4) or candidates[:1]
    if name and near:
        return f"did you mean {near[0]}?"
    return " ".join(line.strip() for line in further if line.strip() and not line.startswith(("LINE ", "Possible")))[
        :300
    ]
