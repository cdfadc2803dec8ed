"""What can be done at a text."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action("text.copy", "copy", "Copy the whole text (OSC 52).", ("y",), Context.TEXT, "copy", 2),
    Action("text.back", "back", "Back to where you came from.", ("escape", "backspace"), Context.TEXT, "back", 1),
    *moves(Context.TEXT),
)
