"""What can be done in the query line."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "filter.done",
        "to the table",
        "Keep the query and go to the table; take the suggestion where one was moved to.",
        ("enter",),
        Context.FILTER,
        "screen.done",
        1,
        at_once=True,
    ),
    Action(
        "filter.complete",
        "complete",
        "Take the suggestion that was moved to, else the first.",
        ("tab",),
        Context.FILTER,
        "screen.complete",
        2,
        at_once=True,
    ),
    Action(
        "filter.next",
        "next",
        "The next suggestion; to the table where there are none.",
        ("down",),
        Context.FILTER,
        "screen.suggestion(1)",
        at_once=True,
    ),
    Action(
        "filter.previous",
        "previous",
        "The suggestion before.",
        ("up",),
        Context.FILTER,
        "screen.suggestion(-1)",
        at_once=True,
    ),
    Action(
        "filter.leave",
        "back",
        "Close the suggestions; back to the table, where the query is kept.",
        ("escape",),
        Context.FILTER,
        "screen.leave",
        3,
        at_once=True,
    ),
)
