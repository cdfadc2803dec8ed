"""Which keys an action has for this person: those of the registry, or those that the configuration gives it."""

from collections.abc import Mapping, Sequence

from tui.actions.action import TITLES, Action, Context, key_name
from tui.suggestion import did_you_mean

_NAMED = {
    *("enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"),
    *("up", "down", "left", "right", *(f"f{number}" for number in range(1, 25))),
}
_SHORT = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "return": "enter", "del": "delete", "←": "left"} | {
    "→": "right",
    "↑": "up",
    "↓": "down",
}
_CHARACTERS = {"solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus"} | {
    "plus_sign": "plus",
    "low_line": "underscore",
}
_MODIFIERS = ("alt+", "ctrl+", "shift+")


class KeymapError(ValueError):
    """A key map that cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Keymap:
    """Keys by the ids of actions; what is not in it has the keys of the registry."""

    def __init__(self, changed: Mapping[str, Sequence[str]] | None = None) -> None:
        self.changed = {name: tuple(keys) for name, keys in (changed or {}).items()}

    def keys(self, action: Action) -> tuple[str, ...]:
        """The keys of an action as Textual names them."""
        return self.changed.get(action.id, action.keys)

    def shown(self, action: Action) -> str:
        """Its first key as people write it, empty where it has none."""
        keys = self.keys(action)
        return key_name(keys[0]) if keys else ""


def keymap(changed: Mapping[str, Sequence[str]], actions: Sequence[Action]) -> Keymap:
    """A key map from what the configuration says, keys as people write them: `^p`, `ctrl+p`, `/`, `F2`, `esc`.

    Raises KeymapError for an unknown action or key, and where one key would mean two things in one place.
    """
    known = {action.id: action for action in actions}
    for name in changed:
        if name not in known:
            hint = did_you_mean(name, known, "the help (?) and docs/tui.md list the ids")
            raise KeymapError(f"there is no action {name}", hint)
    found = Keymap({name: tuple(dict.fromkeys(map(textual_key, keys))) for name, keys in changed.items()})
    for action in (known[name] for name in found.changed):
        for other in actions:
            _check(action, other, found)
    return found


def textual_key(text: str) -> str:
    """`^p` → `ctrl+p`, `/` → `slash`, `F2` → `f2`. Raises KeymapError for what is no key."""
    key, before = text.strip() or text, ""
    if key.startswith("^") and len(key) > 1:
        key = "ctrl+" + key[1:].lower()
    for modifier in _MODIFIERS:
        if key.lower().startswith(modifier) and len(key) > len(modifier):
            before, key = before + modifier, key[len(modifier) :]
    if len(key) == 1:
        return before + (key if key.isalnum() else _character(key))
    key = _SHORT.get(key.lower(), key.lower())
    if key in _NAMED or key in _CHARACTERS.values():
        return before + key
    raise KeymapError(f"{text!r} is no key", did_you_mean(key, _NAMED, "write ^p, ctrl+p, F2, esc or /"))


def _character(key: str) -> str:
    import unicodedata

    name = unicodedata.name(key, "").lower().replace("-", "_").replace(" ", "_")
    if not name:
        raise KeymapError(f"{key!r} is no key", "write a character that can be typed")
    return _CHARACTERS.get(name, name)


def _check(action: Action, other: Action, found: Keymap) -> None:
    """One key means one thing in one place; what works everywhere is hidden by nothing that did not hide it before."""
    if action.id == other.id or not (action.context is other.context or Context.APP in (action.context, other.context)):
        return
    twice = set(found.keys(action)) & set(found.keys(other)) - (set(action.keys) & set(other.keys))
    if twice:
        place = TITLES[action.context if action.context is not Context.APP else other.context]
        key = key_name(sorted(twice)[0])
        raise KeymapError(
            f"{key} would be both {action.id} ({action.title}) and {other.id} ({other.title}) in {place}",
            f'give one of the two another key below [keys], such as {other.id!r} = "…"',
        )
