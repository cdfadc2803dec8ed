"""What an entity is from, in the words of the title."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tui.model.origin import origin_text
from tui.model.source import EntityDetails
from tui.model.symbols import UNICODE

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORPHAN = {"metadata": {"annotations": {"backstage.io/orphan": "true"}}}


@pytest.mark.parametrize(
    ("ref", "details", "text"),
    [
        ("component:default/a", {"repository": "r", "commit": "4f2c1d9a70" * 4}, "from git 4f2c1d9a70 · 2h ago"),
        ("component:default/a", {"repository": "r"}, "from git · 2h ago"),
        ("component:default/a", {}, "from the API · 2h ago"),
        ("component:default/a", {"updated": ""}, "from the API"),
        ("location:default/a", {}, "registered · 2h ago"),
        ("location:default/a", {"repository": "r"}, "from git · 2h ago"),
        ("component:default/a", {"entity": ORPHAN, "repository": "r", "commit": "4f"}, "orphan · 2h ago"),
    ],
)
def test_an_entity_says_what_it_is_from(ref: str, details: dict[str, Any], text: str) -> None:
    known = EntityDetails(ref, **{"entity": {}, "updated": "2026-11-20T10:00:00Z"} | details)
    assert origin_text(known, NOW, UNICODE) == text
