"""Bindings made from the registry of actions, so that a key is written down once."""

from textual.binding import Binding, BindingType

from tui.actions import Context, of

NO_KEY = "no_key"
"""Begins the key that no terminal sends, so that an action without a key has a binding that a key map can name."""


def bindings(context: Context) -> list[BindingType]:
    """Textual's bindings for the actions of a context; each carries its id, so that a key map can name it."""
    return [
        Binding(
            ",".join(action.keys) or f"{NO_KEY}.{action.id}",
            action.method,
            action.title,
            id=action.id,
            show=bool(action.rank),
            tooltip=action.help,
            priority=action.at_once,
        )
        for action in of(context)
    ]
