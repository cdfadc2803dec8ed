"""What can be done while the catalog is empty."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "welcome.demo",
        "load the demo",
        "Make a repository of the sample company and show what registering it would bring. It works offline.",
        ("d",),
        Context.WELCOME,
        "demo",
        1,
        writes=True,
        twin="catalog demo",
    ),
    Action("welcome.back", "close", "To the empty table.", ("escape", "enter"), Context.WELCOME, "back", 2),
)
