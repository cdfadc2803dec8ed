"""The first evening, told once more: `make story` without its page."""

from pathlib import Path

import pytest

from tests.tui.story import Story, other_repository
from tests.tui.tmux import is_installed


@pytest.mark.slow
def test_the_whole_story_in_a_real_terminal(tmp_path: Path) -> None:
    if not is_installed():
        pytest.skip("tmux is not installed")
    story = Story(tmp_path / "evening", other_repository(None, tmp_path / "git"))
    story.tell()
    assert [title for title, shots in story.chapters if not shots] == []
    assert story.page().count("```") >= 60
