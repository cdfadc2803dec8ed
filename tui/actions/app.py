"""What can be done everywhere."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action("app.browse", "entities", "The table of entities.", ("f2",), Context.APP, "show('browse')"),
    Action(
        "app.sync",
        "sync",
        "Where the catalog is read from, and how that went.",
        ("f4",),
        Context.APP,
        "show('sync')",
        6,
    ),
    Action(
        "app.errors",
        "errors",
        "All problems found in the sources.",
        ("exclamation_mark",),
        Context.APP,
        "show('errors')",
        5,
    ),
    Action("app.help", "help", "What each key does.", ("question_mark", "f1"), Context.APP, "show_help", 8),
    Action("app.palette", "commands", "All actions, by name.", ("ctrl+p",), Context.APP, "command_palette", 7),
    Action(
        "app.read-only",
        "read-only",
        "Switch writing off, or on again. The title shows the lock; what would write stays listed, with the reason.",
        (),
        Context.APP,
        "toggle_read_only",
    ),
    Action("app.quit", "quit", "Leave. Nothing is lost.", ("q", "ctrl+c"), Context.APP, "quit", 9),
)
