"""What a person keeps for coming back: named query lines, starred entities, entities opened of late.

They belong to the person, not to the catalog, so they are files of the client.
"""

from tui.bookmarks.bookmarks import Bookmarks, open_bookmarks
from tui.bookmarks.error import BookmarkError

__all__ = ["BookmarkError", "Bookmarks", "open_bookmarks"]
