"""What can be wrong with a bookmark."""


class BookmarkError(Exception):
    """A name that means nothing, or a file that cannot be used.

    `where` is the file, or the line that was asked for; `position` counts characters from 0 into that line.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "", position: int | None = None) -> None:
        super().__init__(message)
        self.where = where
        self.hint = hint
        self.position = position
