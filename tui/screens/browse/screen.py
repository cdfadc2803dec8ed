"""The browse screen: the table and its parts as one place."""

from typing import ClassVar

from tui.actions import Context
from tui.screens.browse.arranging import Arranging
from tui.screens.browse.copying import Copying
from tui.screens.browse.facets import Facets
from tui.screens.browse.failing import FailingLocations
from tui.screens.browse.grouping import Grouping
from tui.screens.browse.line import QueryLine
from tui.screens.browse.marking import Marking
from tui.screens.browse.panes import Panes
from tui.screens.browse.viewing import Viewing
from tui.widgets.bars import KeyBar
from tui.widgets.facet_pane import FacetPane
from tui.widgets.filter_bar import QueryInput
from tui.widgets.keys import bindings


class BrowseScreen(QueryLine, Facets, Panes, Marking, Arranging, Grouping, Viewing, Copying, FailingLocations):
    """Query line, facets, entities, preview."""

    BINDINGS: ClassVar = bindings(Context.BROWSE)

    def action_new(self) -> None:
        """An entity that no file says yet."""
        from tui.screens.drafting import NewEntity

        NewEntity(self, self.tell).begin()

    def on_descendant_focus(self) -> None:
        """The keys that work depend on where the typing goes."""
        places = {QueryInput: Context.FILTER, FacetPane: Context.FACETS}
        here = next((context for kind, context in places.items() if isinstance(self.focused, kind)), Context.BROWSE)
        self.query_one(KeyBar).show(here)
        if here is Context.FILTER:
            self.enter_line()
        else:
            self.leave_line()
