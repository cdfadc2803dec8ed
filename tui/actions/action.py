"""An action, and how its keys are written."""

from dataclasses import dataclass
from enum import StrEnum


class Context(StrEnum):
    """Where an action works. `app` is everywhere; the others are one screen each."""

    APP = "app"
    BROWSE = "browse"
    FILTER = "filter"
    FACETS = "facets"
    ENTITY = "entity"
    RELATIONS = "relations"
    TEXT = "text"
    WHY = "why"
    FORM = "form"
    EDITOR = "editor"
    REVIEW = "review"
    CONFLICT = "conflict"
    EDITS = "edits"
    PROBLEMS = "problems"
    LOCATIONS = "locations"
    LOCATION = "location"
    LOG = "log"
    SQL = "sql"
    WELCOME = "welcome"
    REGISTER = "register"
    UNREGISTER = "unregister"
    FORGET = "forget"
    PALETTE = "palette"
    HELP = "help"
    PICKER = "picker"
    SORT = "sort"
    VIEWS = "views"
    COLUMNS = "columns"
    JUMP = "jump"


DIALOGS = frozenset(
    {
        Context.REGISTER,
        Context.UNREGISTER,
        Context.FORGET,
        Context.PALETTE,
        Context.HELP,
        Context.PICKER,
        Context.JUMP,
        Context.WHY,
        Context.FORM,
        Context.EDITOR,
        Context.REVIEW,
        Context.CONFLICT,
    }
)
"""Places where one thing is to be decided."""

TITLES = {
    Context.APP: "Everywhere",
    Context.BROWSE: "Browse",
    Context.FILTER: "Query line",
    Context.FACETS: "Facets",
    Context.ENTITY: "Entity",
    Context.RELATIONS: "Relations of an entity",
    Context.TEXT: "Texts of an entity",
    Context.WHY: "Why this value",
    Context.FORM: "Edit form",
    Context.EDITOR: "A value of the form",
    Context.REVIEW: "Review before a write",
    Context.CONFLICT: "Conflict",
    Context.EDITS: "Edits",
    Context.PROBLEMS: "Errors",
    Context.LOCATIONS: "Sync",
    Context.LOCATION: "Location",
    Context.LOG: "Activity",
    Context.SQL: "SQL",
    Context.WELCOME: "Empty catalog",
    Context.REGISTER: "Register",
    Context.UNREGISTER: "Unregister",
    Context.FORGET: "Forget orphans",
    Context.PALETTE: "Commands",
    Context.HELP: "Help",
    Context.PICKER: "Choice",
    Context.SORT: "Sort by",
    Context.VIEWS: "Views",
    Context.COLUMNS: "Columns",
    Context.JUMP: "Jump labels",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `id` is what a key map names; `method` is the Textual action that carries it out.

    `keys` are Textual key names, the first one is shown. `rank` orders the key bar (0: not in it, 1 first). `at_once`:
    it moves the typing to another place, so it must be done before the next key is looked at, however fast keys come.
    `writes`: it may end in a write, so it is off where writes are. `needs_row`: it is about what the cursor stands on.
    `local`: it is about files or programs of this machine, or about its lock, so it is off for who sits at a browser.
    `twin` is the command that does the same. An action without keys is run from the palette and the help, and can be
    given a key by its id.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    context: Context
    method: str
    rank: int = 0
    at_once: bool = False
    writes: bool = False
    needs_row: bool = False
    local: bool = False
    twin: str = ""

    @property
    def key(self) -> str:
        """The first key as people write it."""
        return key_name(self.keys[0]) if self.keys else ""


_NAMES = {
    "slash": "/",
    "exclamation_mark": "!",
    "question_mark": "?",
    "at": "@",
    "colon": ":",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "plus": "+",
    "underscore": "_",
    "minus": "-",
    "upper_s": "S",
    "upper_g": "G",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "asterisk": "*",
    "equals_sign": "=",
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


def moves(context: Context) -> tuple[Action, ...]:
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
