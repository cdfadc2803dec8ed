"""What a cell says: nothing, a value, or that a value is to go."""

from enum import Enum
from typing import Any

from tui.model.json_value import json_or_text

GONE = r"\N"
"""The cell that removes a value; JSON and YAML say null."""


class NoValue(Enum):
    """What a cell may say instead of a value."""

    NOTHING = 1
    """It is blank: what is there stays."""
    REMOVE = 2
    """The value is to go."""


NOTHING, REMOVE = NoValue


def cell_value(cell: Any, *, is_table: bool, as_text: bool) -> Any:
    r"""The value of a cell; `NOTHING` where it is blank, `REMOVE` for `\N`.

    Cells of a table are JSON where they read as JSON (`33`, `true`, `["a", "b"]`), else text; `null` is text, since
    `\N` says it. `as_text` takes them as they are. JSON and YAML have types of their own.
    """
    if not is_table:
        return REMOVE if cell is None else cell
    text = str(cell)
    if not text.strip():
        return NOTHING
    if text == GONE:
        return REMOVE
    if as_text:
        return text
    value = json_or_text(text)
    return text if value is None else value
