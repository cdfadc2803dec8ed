"""Other keys: as people write them, known by the ids of actions, and never two meanings in one place."""

from pathlib import Path

import pytest

from tui.actions import ACTIONS, Context, bar_actions
from tui.actions.keymap import Keymap, KeymapError, keymap, textual_key
from tui.preferences import PreferenceError, read_preferences


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("^p", "ctrl+p"),
        ("ctrl+P", "ctrl+P"),
        ("/", "slash"),
        ("!", "exclamation_mark"),
        ("@", "at"),
        ("-", "minus"),
        ("+", "plus"),
        ("_", "underscore"),
        ("F12", "f12"),
        ("esc", "escape"),
        ("shift+tab", "shift+tab"),
        ("ctrl+shift+f2", "ctrl+shift+f2"),
        ("G", "G"),
        ("é", "é"),
    ],
)
def test_keys_are_written_as_people_write_them(written: str, key: str) -> None:
    assert textual_key(written) == key


@pytest.mark.parametrize("written", ["", "escpe", "hyper+x", "f25", "\x01"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(KeymapError):
        textual_key(written)


def test_a_key_map_changes_the_key_bar_and_nothing_else() -> None:
    found = keymap({"browse.open": ("i", "enter"), "app.read-only": ("^t",)}, ACTIONS)
    shown = {action.id: key for key, action in bar_actions(Context.BROWSE, found)}
    assert shown["browse.open"] == "i"
    assert shown["browse.filter"] == "/"
    assert found.shown(next(action for action in ACTIONS if action.id == "app.read-only")) == "^t"
    assert Keymap().keys(ACTIONS[0]) == ACTIONS[0].keys


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"browse.opn": ("o",)}, ("there is no action browse.opn", "browse.open")),
        ({"browse.open": ("s",)}, ("s would be both browse.open", "browse.sort")),
        ({"browse.open": ("K",), "browse.sort": ("K",)}, ("K would be both", "browse.open", "browse.sort")),
        ({"browse.open": ("q",)}, ("q would be both browse.open", "app.quit", "Browse")),
        ({"app.sql": ("j",)}, ("j would be both app.sql",)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_conflict_names_the_two(changed: dict[str, tuple[str, ...]], words: tuple[str, ...]) -> None:
    with pytest.raises(KeymapError) as told:
        keymap(changed, ACTIONS)
    assert all(word in f"{told.value} {told.value.hint}" for word in words)


def test_two_may_swap_their_keys() -> None:
    assert keymap({"browse.open": ("s",), "browse.sort": ("enter",)}, ACTIONS).changed["browse.sort"] == ("enter",)


def test_preferences_are_read_from_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[git]\ndepth = 3\n[tui]\ntheme = "nord"\n[keys]\nbrowse.open = "o"\n"app.sql" = ["^s", "F3"]\n')
    found = read_preferences(path)
    assert found.theme == "nord"
    assert found.keys == {"browse.open": ("o",), "app.sql": ("^s", "F3")}
    assert read_preferences(tmp_path / "none.toml").keys == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tui]\ntheem = 'x'", "did you mean theme"),
        ("[tui]\ntheme = 3", "theme is no text"),
        ("tui = 3", "tui is no table"),
        ("[keys]\nbrowse.open = 3", "browse.open is no key"),
        ("[keys", "cannot be read"),
    ],
)
def test_preferences_that_are_wrong_say_what_where_and_what_next(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(PreferenceError) as told:
        read_preferences(path)
    assert words in f"{told.value} {told.value.hint}"
    assert told.value.where == str(path)
