"""The tabs of an entity, one a module; each is imported, and asks, when somebody looks at it."""

from typing import NamedTuple

from tui.screens.desk import Desk
from tui.screens.panes.pane import Pane


class Tab(NamedTuple):
    """A tab: the key that brings it to the front, its name, and the name where there is little room."""

    key: str
    title: str
    short: str


TABS = {
    "overview": Tab("1", "Overview", "Over"),
    "yaml": Tab("2", "YAML", "YAML"),
    "relations": Tab("3", "Relations", "Rel"),
    "api": Tab("4", "API", "API"),
    "history": Tab("5", "History", "Hist"),
    "errors": Tab("6", "Errors", "Err"),
    "activity": Tab("7", "Activity", "Act"),
    "inspect": Tab("8", "Inspect", "Insp"),
}


def pane_of(name: str, desk: Desk, ref: str) -> Pane:
    """A new pane for the tab of this name."""
    return _class_of(name)(desk, ref)


def _class_of(name: str) -> type[Pane]:
    if name == "overview":
        from tui.screens.panes.overview import OverviewPane

        return OverviewPane
    if name == "yaml":
        from tui.screens.panes.yaml import YamlPane

        return YamlPane
    if name == "relations":
        from tui.screens.panes.relations import RelationsPane

        return RelationsPane
    if name == "api":
        from tui.screens.panes.api import ApiPane

        return ApiPane
    if name == "history":
        from tui.screens.panes.history import HistoryPane

        return HistoryPane
    if name == "errors":
        from tui.screens.panes.errors import ErrorsPane

        return ErrorsPane
    if name == "activity":
        from tui.screens.panes.activity import ActivityPane

        return ActivityPane
    from tui.screens.panes.inspect import InspectPane

    return InspectPane
