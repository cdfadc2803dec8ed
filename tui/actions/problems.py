"""What can be done at the list of errors."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action(
        "problems.open",
        "open entity",
        "Open the entity that has the problem.",
        ("enter",),
        Context.PROBLEMS,
        "open",
        2,
        needs_row=True,
    ),
    Action("problems.reload", "reload", "Ask the daemon again.", ("r",), Context.PROBLEMS, "reload", 3),
    Action("problems.back", "back", "Back to the table.", ("escape", "backspace"), Context.PROBLEMS, "back", 1),
    *moves(Context.PROBLEMS),
)
