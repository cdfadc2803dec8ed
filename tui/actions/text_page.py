"""What can be done at a text."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action("page.copy", "copy", "Copy the whole text (OSC 52).", ("y",), Context.PAGE, "copy", 2),
    Action("page.back", "back", "Back to where you came from.", ("escape", "backspace"), Context.PAGE, "back", 1),
    *moves(Context.PAGE),
)
