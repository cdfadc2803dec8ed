"""Why a write of Port's is refused."""

from collections.abc import Sequence

from syncd.errors import ConflictError, FieldError, FieldFault, InputError, NotFoundError
from syncd.model.text import shown
from syncd.process.schema import Violation, field_text

NAMED: int = 20
"""Faults that a refusal names."""


class UnfitBodyError(FieldError):
    """What was sent does not fit: each fault with its path, the message telling the first ones."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        told = violations[:NAMED]
        super().__init__([FieldFault(field_text(one.path), _sentence(one)) for one in told])
        self.args = ("; ".join(dict.fromkeys(_sentence(one) for one in told)),)


class IdentifierTakenError(ConflictError):
    """There is such a thing already."""

    code = "identifier_taken"


class OwnedByGitError(InputError):
    """A file says it, so that only the file can have it otherwise."""

    code = "owned_by_git"


class RestedUponError(InputError):
    """Something else needs it to be there."""

    code = "rested_upon"


class NoEntityError(NotFoundError):
    """The blueprint has no such entity."""

    def __init__(self, blueprint: str, identifier: str) -> None:
        super().__init__(f"{blueprint} has no entity {shown(identifier)}")


def _sentence(violation: Violation) -> str:
    return f"{violation.message}; {violation.hint}" if violation.hint else violation.message
