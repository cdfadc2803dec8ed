"""What can be done where a column to sort by is chosen."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "sort.further",
        "then by",
        "Sort by this column where the others are equal.",
        ("space",),
        Context.SORT,
        "further",
    ),
    Action("sort.cancel", "cancel", "Choose nothing.", ("escape",), Context.SORT, "cancel"),
    Action("sort.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.SORT, "app.quit"),
)
