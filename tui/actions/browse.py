"""What can be done at the table of entities."""

from tui.actions.action import Action, Context, moves
from tui.actions.edit import writing

ACTIONS: tuple[Action, ...] = (
    Action(
        "browse.filter",
        "filter",
        "Write a query line; the table follows every key. The text is kept and selected, so typing replaces it.",
        ("slash",),
        Context.BROWSE,
        "filter",
        1,
        at_once=True,
    ),
    Action(
        "browse.open",
        "open",
        "Open the entity under the cursor.",
        ("enter",),
        Context.BROWSE,
        "open",
        2,
        needs_row=True,
    ),
    Action("browse.sort", "sort", "Pick the column to sort by.", ("s",), Context.BROWSE, "sort", 3),
    Action("browse.flip", "flip order", "Turn the sort order round.", ("S",), Context.BROWSE, "flip"),
    Action(
        "browse.apply",
        "apply changes",
        "Show rows that came, went or moved while you were reading.",
        ("r",),
        Context.BROWSE,
        "apply",
    ),
    Action(
        "browse.copy", "copy ref", "Copy the entity's ref (OSC 52).", ("y",), Context.BROWSE, "copy", 4, needs_row=True
    ),
    Action(
        "browse.clear",
        "clear filter",
        "Empty the query line and show everything.",
        ("escape",),
        Context.BROWSE,
        "clear",
    ),
    *writing(Context.BROWSE),
    *moves(Context.BROWSE),
)
