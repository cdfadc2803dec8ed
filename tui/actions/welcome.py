"""What can be done while the catalog is empty."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "welcome.demo",
        "demo",
        "The sample company in a catalog of its own, offline; leaving it leads back here, and nothing of it is left.",
        ("d",),
        Context.WELCOME,
        "demo",
        1,
        twin="catalog demo",
    ),
    Action("welcome.back", "close", "To the empty table.", ("escape", "enter"), Context.WELCOME, "back", 2),
)
