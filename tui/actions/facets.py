"""What can be done at the facets."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "facets.include",
        "include",
        "Show entities with this value, too; again: as before. On a line that says how many more there are, show them.",
        ("space", "enter"),
        Context.FACETS,
        "include",
        1,
    ),
    Action(
        "facets.exclude",
        "exclude",
        "Leave out entities with this value; again: as before.",
        ("minus", "x"),
        Context.FACETS,
        "exclude",
        2,
    ),
    Action(
        "facets.sql",
        "as SQL",
        "The counts of the field under the cursor as SQL.",
        ("equals_sign",),
        Context.FACETS,
        "sql",
    ),
    Action("facets.leave", "to the table", "Back to the table.", ("escape",), Context.FACETS, "screen.to_table", 3),
)
