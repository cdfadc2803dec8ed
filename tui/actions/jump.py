"""What can be done while letters stand on the places of a screen; the letters are no actions."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "jump.leave",
        "stay here",
        "Go nowhere. A letter goes to its place.",
        ("escape", "ctrl+o"),
        Context.JUMP,
        "cancel",
    ),
    Action("jump.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.JUMP, "app.quit"),
)
