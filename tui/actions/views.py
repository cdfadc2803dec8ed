"""What can be done at the saved views."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "views.rename",
        "rename",
        "Give the view another name: write it, `enter`.",
        ("ctrl+r",),
        Context.VIEWS,
        "rename",
        at_once=True,
        twin="view rename",
    ),
    Action(
        "views.remove",
        "remove",
        "Forget the view: `enter` does, any other key keeps it.",
        ("ctrl+x",),
        Context.VIEWS,
        "remove",
        at_once=True,
        twin="view rm",
    ),
    Action("views.cancel", "cancel", "Choose nothing.", ("escape",), Context.VIEWS, "cancel"),
    Action("views.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.VIEWS, "app.quit"),
)
