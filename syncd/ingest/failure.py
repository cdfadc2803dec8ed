"""The one exception of the parser (R27)."""

from syncd.model.problem import Problem


class ParseError(Exception):
    """Why a document cannot be read. `reason` is the part of the code after `parse.`; line and column count from 1."""

    def __init__(self, reason: str, message: str, line: int = 0, column: int = 0, *, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint

    @property
    def code(self) -> str:
        """The stable code of the problem: `parse.<reason>`."""
        return f"parse.{self.reason}"

    def problem(self, path: str) -> Problem:
        """The failure as data for the owner of the file."""
        return Problem(self.code, self.message, path, self.line, self.column, self.hint)
