"""What can be done at the saved views."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action("views.cancel", "cancel", "Choose nothing.", ("escape",), Context.VIEWS, "cancel"),
    Action("views.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.VIEWS, "app.quit"),
)
