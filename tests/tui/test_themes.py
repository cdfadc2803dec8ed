"""Themes that a person made."""

from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from tests.tui.fake_source import many
from tests.tui.stage import Stage, play
from tui.model.symbols import UNICODE
from tui.preferences import read_preferences
from tui.screens.desk import open_desk
from tui.screens.shell import CatalogApp
from tui.screens.theme import CATALOG_DARK
from tui.screens.theme_files import ThemeFileError, read_theme

KNOWN = {**BUILTIN_THEMES, CATALOG_DARK.name: CATALOG_DARK}


def test_a_theme_of_ones_own_is_taken_from_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "config.toml").write_text('[tui]\ntheme = "harbour"\n')
    (tmp_path / "themes" / "harbour.toml").write_text('primary = "#7aa2f7"\nbackground = "#1a1b26"\n')
    (tmp_path / "themes" / "rocks.toml").write_text('primry = "#7aa2f7"\n')
    wanted = read_preferences(tmp_path / "config.toml")

    async def scene() -> None:
        app = CatalogApp(open_desk(many(3), UNICODE), wanted.theme, wanted.themes)
        async with app.run_test(size=(100, 24), notifications=True) as pilot:
            stage = Stage(app, pilot)
            await stage.see("svc-00000")
            assert app.theme == "harbour"
            assert app.current_theme.accent == "#7aa2f7"
            assert app.current_theme.error == CATALOG_DARK.error
            await stage.see("themes/rocks.toml knows no primry; did you mean primary?")
            assert "rocks" not in app.available_themes
            app.action_theme()
            await stage.see("harbour")

    play(scene())
    assert read_preferences(tmp_path / "none.toml").themes == tmp_path / "themes"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("primary =", "cannot be read"),
        ('primary = "blueish"', 'primary is no colour; write primary = "#4cc2b0"'),
        ("primary = 3", "primary is no colour"),
        ('base = "north"', "base is no theme"),
        ('dark = "yes"', "dark is true or false"),
        ('[variables]\nx = "y"', "knows no variables"),
        ("\udc80", "cannot be read"),
    ],
)
def test_a_theme_with_a_mistake_says_which(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ThemeFileError, match=words):
        read_theme(path, KNOWN, CATALOG_DARK.name)


def test_a_theme_may_build_on_any_other_and_takes_the_name_of_none(tmp_path: Path) -> None:
    (tmp_path / "light.toml").write_text('base = "ansi-light"\nwarning = "red"\n')
    made = read_theme(tmp_path / "light.toml", KNOWN, CATALOG_DARK.name)
    assert (made.name, made.dark, made.warning) == ("light", False, "red")
    (tmp_path / "a\x1b[m.toml").write_text("")
    with pytest.raises(ThemeFileError, match="the name of its file"):
        read_theme(tmp_path / "a\x1b[m.toml", KNOWN, CATALOG_DARK.name)
    (tmp_path / "nord.toml").write_text("")
    with pytest.raises(ThemeFileError, match="there is a theme nord already"):
        read_theme(tmp_path / "nord.toml", KNOWN, CATALOG_DARK.name)
