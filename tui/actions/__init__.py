"""The one registry of what a person can do: bindings, key bar, help, palette and docs/tui.md are all read from here.

It imports nothing of Textual, so that documentation and tests can read it alone.
"""

from tui.actions import (
    app,
    browse,
    columns,
    edit,
    entity,
    facets,
    filter_line,
    jump,
    locations,
    log,
    palette,
    picker,
    problems,
    register,
    sort,
    sql,
    views,
    welcome,
)
from tui.actions.action import DIALOGS, TITLES, Action, Context, key_name
from tui.actions.keymap import Keymap

__all__ = [
    "ACTIONS",
    "KEPT_KEYS",
    "TITLES",
    "Action",
    "Context",
    "bar",
    "bar_actions",
    "find",
    "is_move",
    "key_name",
    "of",
]

ACTIONS: tuple[Action, ...] = (
    *browse.ACTIONS,
    *filter_line.ACTIONS,
    *facets.ACTIONS,
    *entity.ACTIONS,
    *edit.ACTIONS,
    *problems.ACTIONS,
    *locations.ACTIONS,
    *log.ACTIONS,
    *sql.ACTIONS,
    *welcome.ACTIONS,
    *register.ACTIONS,
    *palette.ACTIONS,
    *picker.ACTIONS,
    *sort.ACTIONS,
    *views.ACTIONS,
    *columns.ACTIONS,
    *jump.ACTIONS,
    *app.ACTIONS,
)


USUAL = Keymap()
"""The keys of the registry."""


def of(context: Context) -> tuple[Action, ...]:
    """The actions of one context, in the registry's order."""
    return tuple(action for action in ACTIONS if action.context is context)


def find(context: Context, method: str) -> Action | None:
    """The action that a Textual action of a place carries out; None for what is no action of the registry."""
    return next((action for action in ACTIONS if action.context is context and action.method == method), None)


ELSEWHERE = 7
"""Ranks of everywhere below which a key leads elsewhere: where one thing is to be decided it is not offered."""


def _is_shown(action: Action, context: Context) -> bool:
    if action.context is Context.APP and context in DIALOGS:
        return action.rank >= ELSEWHERE
    return action.context in (context, Context.APP)


MOST_KEYS = 9
"""Keys that a key bar shows at most: more than that nobody reads."""

KEPT_KEYS = 2
"""Keys at the end of the key bar that are never left out: help and quit."""


MOVES = ("move", "page", "edge", "slide")
"""Methods of the movement actions: hands know them, so the palette does not list them."""


def is_move(action: Action) -> bool:
    """Whether it only moves."""
    return action.method.partition("(")[0] in MOVES


def types_text(key: str) -> bool:
    """Whether a key writes a character when a line of text has the focus."""
    return len(key) == 1 or key in ("slash", "exclamation_mark", "question_mark", "at", "colon")


def bar(context: Context) -> tuple[tuple[str, str], ...]:
    """Key and title of what the key bar of a place shows."""
    return tuple((key, action.title) for key, action in bar_actions(context))


def bar_actions(context: Context, keymap: Keymap = USUAL) -> tuple[tuple[str, Action], ...]:
    """What the key bar of a place shows: its own ranked actions, then those that work everywhere, each with its key.

    In the query line, keys that write a character are left out; an action with another key shows that one.
    """
    known = sorted(
        (action for action in ACTIONS if action.rank and _is_shown(action, context)),
        key=lambda action: (action.context is Context.APP, action.rank),
    )
    shown: list[tuple[str, Action]] = []
    for action in known:
        keys = [key for key in keymap.keys(action) if context is not Context.FILTER or not types_text(key)]
        if keys:
            shown.append((key_name(keys[0]), action))
    del shown[MOST_KEYS - KEPT_KEYS : -KEPT_KEYS]
    return tuple(shown)
