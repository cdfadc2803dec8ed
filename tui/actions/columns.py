"""What can be done where columns are chosen."""

from tui.actions.action import Action, Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "columns.right", "to the right", "Move the column to the right.", ("shift+down",), Context.COLUMNS, "shift(1)"
    ),
    Action("columns.left", "to the left", "Move the column to the left.", ("shift+up",), Context.COLUMNS, "shift(-1)"),
    Action(
        "columns.usual", "the usual", "The columns that a table has at first.", ("ctrl+r",), Context.COLUMNS, "usual"
    ),
    Action("columns.close", "close", "Back to the table.", ("escape",), Context.COLUMNS, "cancel"),
    Action("columns.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.COLUMNS, "app.quit"),
)
