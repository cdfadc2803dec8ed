"""What can be done in the query line."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "filter.done",
        "to the table",
        "Keep the query and go to the table.",
        ("enter", "down"),
        Context.FILTER,
        "screen.to_table",
        1,
        at_once=True,
    ),
    Action(
        "filter.leave",
        "back",
        "Back to the table; the query is kept.",
        ("escape",),
        Context.FILTER,
        "screen.to_table",
        at_once=True,
    ),
)
