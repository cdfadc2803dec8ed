"""Something wrong in a source, as data: it is stored, shown and counted, never raised past a job."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do next, in words for the owner of the file.

    `line` and `column` count from 1; 0 means the file as a whole. `name` is the error name that Backstage's clients
    read in `status.items[].error` (C95).
    """

    code: str
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""
    ref: str = ""
    name: str = "InputError"

    @property
    def where(self) -> str:
        """`path:line` as far as known."""
        return f"{self.path}:{self.line}" if self.line else self.path
