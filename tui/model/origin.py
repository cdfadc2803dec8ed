"""Where an entity comes from, in a few words for a title."""

from datetime import datetime

from tui.model.orphan import is_orphan
from tui.model.source import EntityDetails
from tui.model.symbols import Symbols
from tui.model.times import ago
from tui.safe_text import safe_text


def origin_text(details: EntityDetails, now: datetime, symbols: Symbols) -> str:
    """`from git 4f2c1d9a70 · 2h ago`: what says it, and how long ago it changed."""
    when = f"{ago(details.updated, now)} ago" if details.updated else ""
    return safe_text(f" {symbols.dot} ".join(filter(None, (_said_by(details), when))))


def _said_by(details: EntityDetails) -> str:
    if is_orphan(details.entity):
        return "orphan"
    if details.repository:
        return f"from git {details.commit[:10]}".rstrip()
    # The catalog itself makes the entity of a registered location.
    return "registered" if details.ref.startswith("location:") else "from the API"
