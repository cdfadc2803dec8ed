"""What a query line says beside its conditions: columns, groups, and its spelling in other languages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row
from tui.cli.session import Session

if TYPE_CHECKING:
    from tui.answers import Explanation

SPELLINGS = ("line", "filter", "predicate", "sql")
"""The languages that a line can be printed in."""


def directives(session: Session) -> "Explanation | None":
    """The explanation of the session's line where it may name columns or a group; None where it surely does not."""
    line = session.query.lower()
    return session.client.explain(session.query) if "cols:" in line or "group:" in line else None


def spelled(session: Session, spelling: str) -> list[str]:
    """The session's line in another language, as lines of text. Raises `Failure` where that cannot say it."""
    explanation = session.client.explain(session.query)
    said = explanation["as"][spelling]
    if said is None:
        raise Failure(
            explanation["unsayable"][spelling],
            where=session.query,
            next_step="--as line and --as sql can say the most",
            code=ExitCode.USAGE,
        )
    if isinstance(said, dict):
        import json

        return json.dumps(said, indent=2, ensure_ascii=False).splitlines()
    return said if isinstance(said, list) else said.splitlines()


def groups(session: Session, name: str) -> Listing:
    """The groups that the line makes, with how many entities each has; the largest first."""
    found = session.client.groups(session.query)

    def rows() -> Iterator[Row]:
        return (Row(one["value"] or "", (one["value"], str(one["count"]))) for one in found)

    def items() -> Iterator[dict[str, str | int | None]]:
        return ({name: one["value"], "count": one["count"]} for one in found)

    return Listing((name, "count"), rows, items)
