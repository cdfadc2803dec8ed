"""What can be done in a choice."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action("picker.cancel", "cancel", "Choose nothing.", ("escape",), Context.PICKER, "cancel", 2),
    Action("picker.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.PICKER, "app.quit"),
)
