"""What a person who edits has at hand: drafts, the journal of the session, where the last write went, its command."""

from dataclasses import dataclass, field

from tui.model.drafts import Drafts, drafts_directory
from tui.model.journal import Journal
from tui.model.plan import Target


@dataclass(slots=True)
class Workbench:
    """Made when somebody edits for the first time. `command` does the same as the last write."""

    drafts: Drafts = field(default_factory=lambda: Drafts(drafts_directory()))
    journal: Journal = field(default_factory=Journal)
    target: Target | None = None
    command: str = ""
