"""What is wrong with an expression, said where it is read or where it is evaluated."""


class ExpressionError(ValueError):
    """The text is no expression that the catalog evaluates: `position` counts characters from 0, `hint` helps on."""

    def __init__(self, message: str, position: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.hint = hint

    def moved(self, by: int) -> "ExpressionError":
        """The same error in a text that holds this one `by` characters further on."""
        return ExpressionError(self.message, self.position + by, self.hint)


class FaultError(Exception):
    """An operation has no result, and the sentence says why: a division by zero, a result that is too long."""
