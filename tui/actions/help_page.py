"""What can be done in the help."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action("help.back", "close", "Close the help.", ("escape", "backspace"), Context.HELP, "back", 1),
    *moves(Context.HELP),
)
