"""A JSON value in few words, for a line of text."""

import json
from typing import Any

from tui.safe_text import safe_text

LONGEST = 120
"""Characters of a value on a line."""


def value_text(value: Any, *, dash: str = "—", limit: int = LONGEST) -> str:
    """Texts as they are, nothing as a dash, the rest as JSON; one harmless line, cut and marked as cut."""
    if value is None:
        return dash
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    first, *more = text.strip().split("\n")
    shown = safe_text(first, limit=limit)
    return f"{shown} … ({len(more) + 1} lines)" if more else shown
