"""The one exception of the patcher."""


class PatchRefusedError(Exception):
    """Why a file is not edited; nothing was changed.

    `reason` is stable: "unreadable", "no_document", "empty", "bad_value", "bad_path", "index", "root", "alias",
    "anchor", "tag", "inexact". `line` counts from 1, 0 where it is about the file or the request as a whole.
    """

    def __init__(self, reason: str, message: str, line: int = 0, *, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.line = line
        self.hint = hint
