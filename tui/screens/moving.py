"""What the movement keys do wherever there are lines."""

from tui.widgets.line_scroller import LineScroller


class Moving:
    """Subclasses say which lines are moved."""

    @property
    def scroller(self) -> LineScroller:
        """What the movement keys move."""
        raise NotImplementedError

    def action_move(self, step: int) -> None:
        """Lines down or up."""
        self.scroller.move(step)

    def action_page(self, direction: int) -> None:
        """Pages down or up."""
        self.scroller.page(direction)

    def action_edge(self, direction: int) -> None:
        """Last or first line."""
        self.scroller.edge(direction)

    def action_slide(self, direction: int) -> None:
        """To the side."""
        self.scroller.slide(direction)
