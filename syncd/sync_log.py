"""The lines of the log that tell how looks at repositories went, and what they changed (R93)."""

import logging
from collections.abc import Sequence

from syncd.logs import milliseconds, told
from syncd.store.state import LoggedChange
from syncd.watched import RepositoryState, Watched

LOG = logging.getLogger("syncd.reconcile")
SHOWN_LOCATIONS = 10
"""Locations that a line names; a repository may be read by thousands."""


def tell_look(
    repository: str, locations: Sequence[str], before: RepositoryState, state: RepositoryState, seconds: float
) -> None:
    """A line where something is otherwise than after the look before; of a failure that lasts, the 1st, 2nd, 4th, 8th…
    (R93)."""
    error, about = state.error, {"locations": list(locations[:SHOWN_LOCATIONS]), "duration_ms": milliseconds(seconds)}
    if error is None:
        if before.error is not None:
            LOG.info("%s: it can be read again", repository, extra=told("sync.recovered", **about))
        return
    is_news = before.error is None or before.error.code != error.code
    if is_news or (state.failures > before.failures and state.failures.bit_count() == 1):
        times = f" ({state.failures} times)" if state.failures > 1 else ""
        LOG.warning("%s: %s%s", repository, error.message, times, extra=told("sync.failed", code=error.code, **about))


def tell_published(watched: Watched, change: LoggedChange | None, seconds: float) -> None:
    """A line for a walk that changed something; `seconds` from its beginning until that is visible."""
    if change is not None:
        LOG.info(
            "%s: %d added, %d updated, %d removed",
            watched.location.location_ref, len(change.added), len(change.updated), len(change.removed),
            extra=told(
                "sync.published", locations=[watched.location.id], seq=change.seq, duration_ms=milliseconds(seconds)
            ),
        )  # fmt: skip
