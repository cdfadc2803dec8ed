"""What can be done in the palette and in the help: typing searches, so only keys that type nothing are bound."""

from tui.actions.action import Action, Context


def _search_moves(context: Context) -> tuple[Action, ...]:
    name = context.value
    return (
        Action(f"{name}.down", "Down", "One line down.", ("down",), context, "move(1)"),
        Action(f"{name}.up", "Up", "One line up.", ("up",), context, "move(-1)"),
        Action(f"{name}.page-down", "Page down", "One page down.", ("pagedown",), context, "page(1)"),
        Action(f"{name}.page-up", "Page up", "One page up.", ("pageup",), context, "page(-1)"),
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "palette.choose",
        "run or go",
        "Run the action under the cursor, or go to the entity.",
        ("enter",),
        Context.PALETTE,
        "choose",
        1,
    ),
    Action("palette.cancel", "close", "Do nothing.", ("escape",), Context.PALETTE, "cancel", 2),
    Action("palette.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.PALETTE, "app.quit"),
    *_search_moves(Context.PALETTE),
    Action(
        "help.choose",
        "run",
        "Run the action under the cursor, where it works in the place that the help was opened from.",
        ("enter",),
        Context.HELP,
        "choose",
        2,
    ),
    Action("help.back", "close", "Close the help.", ("escape",), Context.HELP, "back", 1),
    *_search_moves(Context.HELP),
)
