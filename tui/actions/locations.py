"""What can be done at the list of locations, and at one of them."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action(
        "locations.open",
        "details",
        "All that is known of the location: its looks, its documents, its problems.",
        ("enter",),
        Context.LOCATIONS,
        "open",
        2,
        needs_row=True,
        twin="catalog location show",
    ),
    Action(
        "locations.pause",
        "pause or resume",
        "Leave the location alone with what it has, or look at it again.",
        ("p",),
        Context.LOCATIONS,
        "pause",
        3,
        writes=True,
        needs_row=True,
        twin="catalog location pause",
    ),
    Action(
        "locations.follow",
        "follow",
        "Whether the events below move with what happens.",
        ("f",),
        Context.LOCATIONS,
        "follow",
        4,
    ),
    Action("locations.reload", "reload", "Ask the daemon again.", ("r",), Context.LOCATIONS, "reload"),
    Action(
        "locations.copy",
        "copy command",
        "Copy the command that registers the same location (OSC 52).",
        ("y",),
        Context.LOCATIONS,
        "copy_command",
        needs_row=True,
    ),
    Action("locations.back", "back", "Back to the table.", ("escape", "backspace"), Context.LOCATIONS, "back", 1),
    *moves(Context.LOCATIONS),
    Action("location.back", "back", "Back to the list.", ("escape", "backspace"), Context.LOCATION, "back", 1),
    *moves(Context.LOCATION),
)
