"""What the log of changes forgets after a long time (R45)."""

from typing import Final

from syncd.store.state import State

_AT_ONCE: Final = 10_000
"""Rows of the log that are looked at in one transaction: nobody waits long for it."""

_OLD: Final = "SELECT seq FROM changes WHERE seq > ?1 AND seq <= ?2 AND at < ?3"

_VERSIONS: Final = f"""
    DELETE FROM changed_entities AS c WHERE seq IN ({_OLD})
    AND seq < (SELECT max(seq) FROM changed_entities WHERE ref = c.ref)
    AND (what = 'updated' OR EXISTS (
        SELECT 1 FROM changed_entities WHERE ref = c.ref AND seq > c.seq AND what = 'removed'))
"""
_PROPERTIES: Final = f"DELETE FROM changed_properties WHERE seq IN ({_OLD})"
_ROWS: Final = f"""
    DELETE FROM changes WHERE seq IN ({_OLD})
    AND NOT EXISTS (SELECT 1 FROM changed_entities e WHERE e.seq = changes.seq)
"""


def forget_changes(state: State, before: str, until: int) -> int:
    """Drop rows of the log from before a time, numbers above `until` excepted; how many there were.

    What tells when an entity came into its present life, and its version now, stays however old it is; so does the
    newest row, since numbers go on behind it.
    """
    last = min(until, state.last_seq() - 1)
    first = state.read("SELECT coalesce(min(seq), 0) FROM changes")[0][0]
    count = 0
    for start in range(int(str(first)) - 1, last, _AT_ONCE):
        span = (start, min(start + _AT_ONCE, last), before)
        with state.transaction():
            state.write(_VERSIONS, span)
            state.write(_PROPERTIES, span)
            count += state.write(_ROWS, span)
    return count
