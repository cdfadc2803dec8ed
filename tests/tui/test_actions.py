"""One registry: bindings, key bar, help and the documentation say the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from tui.actions import ACTIONS, TITLES, Action, Context, bar, key_name, of
from tui.actions.keymap import Keymap
from tui.model.lines import plain
from tui.screens.help import help_lines
from tui.screens.shell import CatalogApp
from tui.widgets.keys import bindings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "tui.md").read_text(encoding="utf-8")


def row(action: Action) -> str:
    keys = " ".join(f"`{key_name(key)}`" for key in action.keys)
    return f"| {keys} | {action.title} | {action.help} | `{action.id}` |"


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_is_documented_where_it_works(action: Action) -> None:
    section = DOCUMENT.split(f"### {TITLES[action.context]}\n", 1)[1].split("\n### ", 1)[0]
    assert row(action) in section.splitlines()


def test_the_document_knows_no_other_action() -> None:
    assert DOCUMENT.count("` |\n") == len(ACTIONS)


def test_ids_are_unique_and_a_key_means_one_thing_in_a_place() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for context in Context:
        keys = [key for action in of(context) for key in action.keys]
        assert len(set(keys)) == len(keys)


def test_nothing_is_bound_that_people_hit_by_accident() -> None:
    keys = {key for action in ACTIONS if action.id != "welcome.demo" for key in action.keys}
    assert not keys & {"d", "ctrl+k", "delete", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h", "f10", "f11"}


@pytest.mark.parametrize("context", Context)
def test_bindings_come_from_the_registry(context: Context) -> None:
    assert [getattr(binding, "id", None) for binding in bindings(context)] == [action.id for action in of(context)]


def test_the_application_has_no_key_of_its_own() -> None:
    assert {getattr(binding, "id", None) for binding in CatalogApp.BINDINGS} == {a.id for a in of(Context.APP)}


def test_help_lists_every_action_this_place_first() -> None:
    text = "\n".join(plain(line) for line, _ in help_lines(Context.ENTITY, 100, lambda _: "", Keymap()))
    assert text.startswith(TITLES[Context.ENTITY])
    for action in ACTIONS:
        assert action.title in text


def test_the_key_bar_of_the_query_line_names_only_keys_that_work_while_typing() -> None:
    assert all(len(key) > 1 for key, _ in bar(Context.FILTER))
    assert [key for key, _ in bar(Context.BROWSE)][:2] == ["/", "enter"]


def test_no_more_keys_than_a_person_reads() -> None:
    assert all(len(bar(context)) <= 9 for context in Context)


def test_the_registry_and_the_model_need_no_textual() -> None:
    code = (
        "import sys, tui.actions, tui.app, tui.model.remote, tui.model.table_model, tui.model.view_state, "
        "tui.model.courier, tui.model.link, tui.model.health, tui.model.lines, tui.model.reports, tui.model.yaml_text\n"
        "loaded = {'textual', 'duckdb', 'pydantic', 'git', 'httpx', 'yaml', 'pygments'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_first_screen_imports_no_more_than_it_needs() -> None:
    code = (
        "import sys, tui.screens.shell\n"
        "names = 'help entity problems sort_picker column_picker view_picker choice_picker text_prompt jump'\n"
        "wanted_later = {f'tui.screens.{name}' for name in names.split()} | {'tui.cli.exporting', 'tomllib'}\n"
        "never = {'duckdb', 'pydantic', 'git', 'httpx', 'yaml', 'syncd', 'query'}\n"
        "loaded = (wanted_later | never) & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
