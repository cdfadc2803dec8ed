"""The one registry of what a person can do: bindings, key bar, help, palette and docs/tui.md are all read from here.

It imports nothing of Textual, so that documentation and tests can read it alone.
"""

from dataclasses import dataclass
from enum import StrEnum


class Context(StrEnum):
    """Where an action works. `app` is everywhere; the others are one screen each."""

    APP = "app"
    BROWSE = "browse"
    FILTER = "filter"
    ENTITY = "entity"
    PROBLEMS = "problems"
    LOCATIONS = "locations"
    HELP = "help"
    PICKER = "picker"


TITLES = {
    Context.APP: "Everywhere",
    Context.BROWSE: "Browse",
    Context.FILTER: "Query line",
    Context.ENTITY: "Entity",
    Context.PROBLEMS: "Errors",
    Context.LOCATIONS: "Sync",
    Context.HELP: "Help",
    Context.PICKER: "Choice",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `id` is what a key map names; `method` is the Textual action that carries it out.

    `keys` are Textual key names, the first one is shown. `rank` orders the key bar (0: not in it, 1 first). `at_once`:
    it moves the typing to another place, so it must be done before the next key is looked at, however fast keys come.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    context: Context
    method: str
    rank: int = 0
    at_once: bool = False

    @property
    def key(self) -> str:
        """The first key as people write it."""
        return key_name(self.keys[0])


_NAMES = {
    "slash": "/",
    "exclamation_mark": "!",
    "question_mark": "?",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "upper_s": "S",
    "upper_g": "G",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def key_name(key: str) -> str:
    """`ctrl+p` → `^p`, `exclamation_mark` → `!`: the key as the key bar writes it."""
    if key.startswith("ctrl+"):
        return "^" + key_name(key.removeprefix("ctrl+"))
    if key.startswith("shift+"):
        return "shift+" + key_name(key.removeprefix("shift+"))
    return _NAMES.get(key, key)


def _moves(context: Context) -> tuple[Action, ...]:
    """The movements, the same wherever there are lines."""
    name = context.value
    return (
        Action(f"{name}.down", "Down", "One line down.", ("j", "down"), context, "move(1)"),
        Action(f"{name}.up", "Up", "One line up.", ("k", "up"), context, "move(-1)"),
        Action(f"{name}.page-down", "Page down", "One page down.", ("ctrl+d", "pagedown"), context, "page(1)"),
        Action(f"{name}.page-up", "Page up", "One page up.", ("ctrl+u", "pageup"), context, "page(-1)"),
        Action(f"{name}.top", "Top", "The first line.", ("g", "home"), context, "edge(-1)"),
        Action(f"{name}.bottom", "Bottom", "The last line.", ("G", "end"), context, "edge(1)"),
        Action(f"{name}.left", "Left", "Show what is cut off on the left.", ("h", "left"), context, "slide(-1)"),
        Action(f"{name}.right", "Right", "Show what is cut off on the right.", ("l", "right"), context, "slide(1)"),
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "browse.filter",
        "filter",
        "Write a query line; the table follows every key. The text is kept and selected, so typing replaces it.",
        ("slash",),
        Context.BROWSE,
        "filter",
        1,
        at_once=True,
    ),
    Action("browse.open", "open", "Open the entity under the cursor.", ("enter",), Context.BROWSE, "open", 2),
    Action("browse.sort", "sort", "Pick the column to sort by.", ("s",), Context.BROWSE, "sort", 3),
    Action("browse.flip", "flip order", "Turn the sort order round.", ("S",), Context.BROWSE, "flip"),
    Action(
        "browse.apply",
        "apply changes",
        "Show rows that came, went or moved while you were reading.",
        ("r",),
        Context.BROWSE,
        "apply",
    ),
    Action("browse.copy", "copy ref", "Copy the entity's ref (OSC 52).", ("y",), Context.BROWSE, "copy", 4),
    Action(
        "browse.clear",
        "clear filter",
        "Empty the query line and show everything.",
        ("escape",),
        Context.BROWSE,
        "clear",
    ),
    *_moves(Context.BROWSE),
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
    *_moves(Context.ENTITY),
    Action(
        "problems.open", "open entity", "Open the entity that has the problem.", ("enter",), Context.PROBLEMS, "open", 2
    ),
    Action("problems.reload", "reload", "Ask the daemon again.", ("r",), Context.PROBLEMS, "reload", 3),
    Action("problems.back", "back", "Back to the table.", ("escape", "backspace"), Context.PROBLEMS, "back", 1),
    *_moves(Context.PROBLEMS),
    Action("locations.reload", "reload", "Ask the daemon again.", ("r",), Context.LOCATIONS, "reload", 2),
    Action("locations.back", "back", "Back to the table.", ("escape", "backspace"), Context.LOCATIONS, "back", 1),
    *_moves(Context.LOCATIONS),
    Action("help.back", "close", "Close the help.", ("escape", "backspace"), Context.HELP, "back", 1),
    *_moves(Context.HELP),
    Action("picker.cancel", "cancel", "Choose nothing.", ("escape",), Context.PICKER, "cancel", 2),
    Action("picker.quit", "quit", "Leave. Nothing is lost.", ("ctrl+c",), Context.PICKER, "app.quit"),
    Action("app.browse", "entities", "The table of entities.", ("f2",), Context.APP, "show('browse')"),
    Action(
        "app.sync",
        "sync",
        "Where the catalog is read from, and how that went.",
        ("f4",),
        Context.APP,
        "show('sync')",
        6,
    ),
    Action(
        "app.errors",
        "errors",
        "All problems found in the sources.",
        ("exclamation_mark",),
        Context.APP,
        "show('errors')",
        5,
    ),
    Action("app.help", "help", "What each key does.", ("question_mark", "f1"), Context.APP, "show_help", 8),
    Action("app.palette", "commands", "All actions, by name.", ("ctrl+p",), Context.APP, "command_palette", 7),
    Action("app.quit", "quit", "Leave. Nothing is lost.", ("q", "ctrl+c"), Context.APP, "quit", 9),
)


def of(context: Context) -> tuple[Action, ...]:
    """The actions of one context, in the registry's order."""
    return tuple(action for action in ACTIONS if action.context is context)


MOVES = ("move", "page", "edge", "slide")
"""Methods of the movement actions: hands know them, so the palette does not list them."""


def is_move(action: Action) -> bool:
    """Whether it only moves."""
    return action.method.partition("(")[0] in MOVES


def types_text(key: str) -> bool:
    """Whether a key writes a character when a line of text has the focus."""
    return len(key) == 1 or key in ("slash", "exclamation_mark", "question_mark")


def bar(context: Context) -> tuple[tuple[str, str], ...]:
    """Key and title of what the key bar of a place shows: its own ranked actions, then those that work everywhere.

    In the query line, keys that write a character are left out; an action with another key shows that one.
    """
    known = sorted(
        (action for action in ACTIONS if action.rank and action.context in (context, Context.APP)),
        key=lambda action: (action.context is Context.APP, action.rank),
    )
    shown: list[tuple[str, str]] = []
    for action in known:
        keys = [key for key in action.keys if context is not Context.FILTER or not types_text(key)]
        if keys:
            shown.append((key_name(keys[0]), action.title))
    return tuple(shown)
