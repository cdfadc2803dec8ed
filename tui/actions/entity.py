"""What can be done at one entity."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action(
        "entity.overview",
        "overview",
        "Fields, relations, problems, source.",
        ("1",),
        Context.ENTITY,
        "tab('overview')",
        2,
    ),
    Action("entity.yaml", "yaml", "The whole entity as YAML.", ("2",), Context.ENTITY, "tab('yaml')", 3),
    Action("entity.next", "next tab", "The next tab.", ("tab",), Context.ENTITY, "next_tab"),
    Action(
        "entity.open",
        "open link",
        "Open a link of the entity in the browser; where there is none, copy it (OSC 52).",
        ("o",),
        Context.ENTITY,
        "open_link",
    ),
    Action("entity.copy", "copy ref", "Copy the entity's ref (OSC 52).", ("y",), Context.ENTITY, "copy", 4),
    Action("entity.reload", "reload", "Ask the daemon again.", ("r",), Context.ENTITY, "reload"),
    Action("entity.back", "back", "Back to where you came from.", ("escape", "backspace"), Context.ENTITY, "back", 1),
    *moves(Context.ENTITY),
)
