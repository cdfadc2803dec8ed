"""The client's errors in the words of the screens."""

from tui.client import ApiProblem, DaemonUnreachable
from tui.model.source import LostError, RefusedError, SourceError


class Translated:
    """Turns the client's errors into those of the screens; an answer of an unknown shape is the daemon's refusal."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ApiProblem):
            if error.status >= 502:
                raise LostError(str(error)) from error
            raise RefusedError(
                str(error), position=error.position, hint=error.hint, code=error.code, members=error.members
            ) from error
        if isinstance(error, DaemonUnreachable):
            raise LostError(str(error)) from error
        if isinstance(error, KeyError | TypeError | ValueError) and not isinstance(error, SourceError):
            raise LostError(f"the daemon's answer is not understood: {error!r}") from error
