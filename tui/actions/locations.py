"""What can be done at the list of locations."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action("locations.reload", "reload", "Ask the daemon again.", ("r",), Context.LOCATIONS, "reload", 2),
    Action("locations.back", "back", "Back to the table.", ("escape", "backspace"), Context.LOCATIONS, "back", 1),
    *moves(Context.LOCATIONS),
)
