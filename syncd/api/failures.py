"""What can be wrong with a request before anybody looks at its meaning, and how each failure becomes a status."""

import re
from dataclasses import dataclass, replace

from query.errors import QueryError
from syncd.errors import (
    AuthenticationError,
    CatalogError,
    ConflictError,
    DiskFullError,
    FieldConflict,
    FieldConflictError,
    FieldError,
    FieldFault,
    InputError,
    LimitError,
    NotAllowedError,
    NotFoundError,
    PreconditionError,
    StalledError,
    UnavailableError,
)
from syncd.secrecy import without_secrets
from syncd.sql.question import BusyError, SqlError

WRONG_MEDIA_TYPE = "body.media_type"
"""Code of a body that is not JSON where JSON is asked for."""


class RequestRefusedError(CatalogError):
    """Refused for its form; `status` is the HTTP status."""

    code = "request"

    def __init__(
        self, status: int, message: str, *, code: str, hint: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.status = status
        self.headers = headers or {}


class NoSuchPathError(CatalogError):
    """No route has this path (`allowed` empty) or this method (the methods that it has)."""

    code = "no_such_path"

    def __init__(self, path: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(f"{path} {'takes ' + ', '.join(allowed) if allowed else 'not found'}")
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure in the words of HTTP, for a dialect to spell."""

    status: int
    code: str
    message: str
    hint: str = ""
    position: int | None = None
    existing: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    place: tuple[int, int] | None = None
    """Line and column of `position`, from 1."""
    faults: tuple[FieldFault, ...] = ()
    """What is wrong with single fields, where that is known."""
    conflicts: tuple[FieldConflict, ...] = ()
    """Fields that say something else by now, with both values."""

    @property
    def sentence(self) -> str:
        """Message and hint in one, for dialects that have one place for both."""
        return f"{self.message}; {self.hint}" if self.hint else self.message


_STATUSES: tuple[tuple[type[CatalogError], int], ...] = (
    (InputError, 400),
    (StalledError, 400),
    (AuthenticationError, 401),
    (NotAllowedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (PreconditionError, 412),
    (LimitError, 413),
)


_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/:'\"]+/)+(?=[^\s/])")


def without_folders(text: str) -> str:
    """A text without the folders of this machine: `state.sqlite is damaged` says enough to a caller (R60)."""
    return _FOLDERS.sub("", text)


def describe(error: BaseException) -> Failure | None:
    """The failure that an exception means to the client; None for one that nobody foresaw."""
    failure = _described(error)
    if failure is None:
        return None
    failure = replace(failure, message=without_secrets(failure.message), hint=without_secrets(failure.hint))
    if failure.status < 500:
        return failure
    return replace(failure, message=without_folders(failure.message), hint=without_folders(failure.hint))


def _described(error: BaseException) -> Failure | None:
    match error:
        case RequestRefusedError():
            return Failure(error.status, error.code, str(error), error.hint, headers=tuple(error.headers.items()))
        case NoSuchPathError(allowed=allowed):
            headers = (("allow", ", ".join(allowed)),) if allowed else ()
            return Failure(405 if allowed else 404, error.code, str(error), headers=headers)
        case QueryError():
            return Failure(400, "query", error.message, error.hint, error.position)
        case SqlError(line=line, column=column):
            place = None if line is None or column is None else (line, column)
            return Failure(400, error.code, str(error), error.hint, error.position, place=place)
        case BusyError():
            return Failure(429, error.code, str(error), error.hint, headers=(("retry-after", "1"),))
        case AuthenticationError():
            return Failure(401, error.code, str(error), error.hint, headers=(("www-authenticate", "Bearer"),))
        case DiskFullError():
            return Failure(507, error.code, str(error), error.hint)
        case UnavailableError():
            return Failure(503, error.code, str(error), error.hint, headers=(("retry-after", "1"),))
        case CatalogError():
            status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 503)
            faults = error.faults if isinstance(error, FieldError) else ()
            conflicts = error.conflicts if isinstance(error, FieldConflictError) else ()
            return Failure(
                status, error.code, str(error), error.hint, None, _existing(error), faults=faults, conflicts=conflicts
            )
    return None


def _existing(error: CatalogError) -> str | None:
    identifier = getattr(getattr(error, "existing", None), "id", None)
    return identifier if isinstance(identifier, str) else None


def internal(request_id: str) -> Failure:
    """A failure that nobody foresaw: the log has the rest (R60)."""
    return Failure(500, "internal", f"internal error; the log has more under {request_id}")
