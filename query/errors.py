"""What a person or client did wrong in a question."""


class QueryError(ValueError):
    """The question cannot be read.

    `position` is the offset of the first wrong character (code points, from 0), None where the input is no text;
    `hint` says what to write instead, empty where we cannot tell.
    """

    def __init__(self, message: str, position: int | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint
