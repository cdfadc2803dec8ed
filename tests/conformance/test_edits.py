"""Edits that are commits: what is pushed, what is never lost, and what is refused (R46-R53)."""

from pathlib import Path

import pytest

from tests.support.edits import SHOP, editing, text
from tests.support.repository import RepoBuilder


@pytest.fixture
def repository(tmp_path: Path) -> RepoBuilder:
    found = RepoBuilder(tmp_path / "shop.git")
    found.commit({"catalog-info.yaml": SHOP})
    return found


def test_r047_an_edit_is_a_commit_of_the_changed_lines_and_visible_when_it_is_answered(
    tmp_path: Path, repository: RepoBuilder
) -> None:
    before = repository.head()
    with editing(tmp_path / "daemon", repository) as editor:
        edit = editor.set("metadata.title", "The Shop")
        assert (edit["state"], edit["commit"]) == ("confirmed", repository.head())
        assert editor.entity()["entity"]["metadata"]["title"] == "The Shop"
    assert repository.git("rev-parse", "main^").strip() == before
    assert text(repository) == SHOP.replace('"Shop"', '"The Shop"')
