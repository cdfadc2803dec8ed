"""The table of entities with all that finds them: the first screen, and the one everything comes back to."""

from tui.screens.browse.screen import BrowseScreen

__all__ = ["BrowseScreen"]
