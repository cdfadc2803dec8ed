"""Failures in three parts: what, where, what to do next; and the exit code that belongs to them."""

from tui.cli.exit_codes import ExitCode
from tui.client import ApiProblem, BadAddress, DaemonUnreachable
from tui.safe_text import safe_text

_BY_STATUS = {
    400: ExitCode.USAGE,
    401: ExitCode.REFUSED,
    403: ExitCode.REFUSED,
    404: ExitCode.NO,
    409: ExitCode.CONFLICT,
    412: ExitCode.CONFLICT,
    413: ExitCode.USAGE,
    422: ExitCode.USAGE,
    429: ExitCode.UNREACHABLE,
    503: ExitCode.UNREACHABLE,
    507: ExitCode.FAILED,
}


class Failure(Exception):  # noqa: N818 - it carries an exit code, not a mistake of the program
    """Ends the command with `code` after telling `what` is wrong, `where`, and what to do `next_step`."""

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        next_step: str = "",
        code: ExitCode = ExitCode.FAILED,
        mark: int | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step
        self.code = code
        self.mark = mark
        """Offset in `where` of what is wrong, shown by a caret."""

    @property
    def lines(self) -> list[str]:
        """The message for a terminal."""
        shown = [f"error: {safe_text(self.what, multiline=True)}"]
        if self.where:
            shown.append(f"where: {safe_text(self.where)}")
            if self.mark is not None:
                shown.append(" " * (len("where: ") + len(safe_text(self.where[: self.mark]))) + "^")
        if self.next_step:
            shown.append(f" next: {safe_text(self.next_step)}")
        return shown


def unreachable(error: DaemonUnreachable, program: str) -> Failure:
    """Nothing answers where the daemon should be."""
    return Failure(
        f"the daemon does not answer: {error.reason}",
        where=error.address,
        next_step=f"start it with `{program} daemon start`"
        if error.address.startswith("unix:")
        else "see that the daemon listens there; CATALOG_URL names the address",
        code=ExitCode.UNREACHABLE,
    )


def refused(problem: ApiProblem, *, query: str = "", where: str = "") -> Failure:
    """The daemon's "no" with its own words; a wrong query is shown with a caret under the bad token."""
    in_query = bool(query) and problem.position is not None
    hint = problem.hint
    if problem.status == 401 and not hint:
        hint = "set CATALOG_TOKEN to a token of this daemon (`token create` makes one)"
    return Failure(
        problem.message,
        where=query if in_query else where or query,
        next_step=hint or f"the daemon's code for this is {problem.code}",
        code=_BY_STATUS.get(problem.status, ExitCode.FAILED),
        mark=problem.position if in_query else None,
    )


def bad_address(error: BadAddress) -> Failure:
    """`CATALOG_URL` is no address."""
    return Failure(str(error), where="CATALOG_URL", next_step="correct or unset it", code=ExitCode.USAGE)
