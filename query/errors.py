"""What a person or client did wrong in a question."""


class QueryError(ValueError):
    """The question cannot be read.

    `position` is the offset of the first wrong character (code points, from 0), None where the input is no text;
    `hint` says what to write instead, empty where we cannot tell. `path` leads to the wrong part of a question that is
    JSON, such as `rules[2].operator`; empty where the input is text.
    """

    def __init__(self, message: str, position: int | None = None, hint: str = "", path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint
        self.path = path
