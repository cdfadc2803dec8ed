"""Activity: what builds, deployments, scanners and other systems reported of the entity."""

from datetime import UTC, datetime
from typing import ClassVar

from tui.answers import Activity
from tui.model.activity_lines import activity_lines
from tui.screens.panes.pane import Pane

MOST_RECORDS = 200


class ActivityPane(Pane):
    """The newest first."""

    NAME: ClassVar[str] = "activity"

    def look(self) -> None:
        """Ask anew."""
        self.ask("activity", lambda: self.desk.source.entity_activity(self.ref, MOST_RECORDS), self._take_records)

    def lay_out(self) -> None:
        """Lines are as long as they are."""

    def _take_records(self, answer: Activity) -> None:
        self.show_placed([(line, None) for line in activity_lines(answer, self.desk.symbols, datetime.now(UTC))])
