"""What can be done at the log of changes."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action(
        "log.copy",
        "copy command",
        "Copy the command that does the same, or shows what was done (OSC 52).",
        ("y",),
        Context.LOG,
        "copy_command",
        2,
        needs_row=True,
    ),
    Action(
        "log.open",
        "open entity",
        "Open the entity that was changed.",
        ("enter",),
        Context.LOG,
        "open",
        3,
        needs_row=True,
    ),
    Action(
        "log.syncs",
        "syncs on or off",
        "Show what came from git beside what people and programs did, or leave it out.",
        ("s",),
        Context.LOG,
        "syncs",
        4,
    ),
    Action("log.older", "older", "Show what happened before.", ("o",), Context.LOG, "older"),
    Action("log.reload", "reload", "Ask the daemon again.", ("r",), Context.LOG, "reload"),
    Action("log.back", "back", "Back to the table.", ("escape", "backspace"), Context.LOG, "back", 1),
    *moves(Context.LOG),
)
