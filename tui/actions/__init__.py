"""The one registry of what a person can do: bindings, key bar, help, palette and docs/tui.md are all read from here.

It imports nothing of Textual, so that documentation and tests can read it alone.
"""

from tui.actions import (
    app,
    browse,
    columns,
    entity,
    facets,
    filter_line,
    help_page,
    locations,
    picker,
    problems,
    sort,
    text_page,
    views,
)
from tui.actions.action import TITLES, Action, Context, key_name

__all__ = ["ACTIONS", "TITLES", "Action", "Context", "bar", "is_move", "key_name", "of"]

ACTIONS: tuple[Action, ...] = (
    *browse.ACTIONS,
    *filter_line.ACTIONS,
    *facets.ACTIONS,
    *entity.ACTIONS,
    *problems.ACTIONS,
    *locations.ACTIONS,
    *help_page.ACTIONS,
    *picker.ACTIONS,
    *sort.ACTIONS,
    *text_page.ACTIONS,
    *views.ACTIONS,
    *columns.ACTIONS,
    *app.ACTIONS,
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
