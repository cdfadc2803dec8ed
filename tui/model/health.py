"""Is the daemon there, and how old is what the screen shows."""

from dataclasses import dataclass, replace

from tui.model.source import Status
from tui.model.symbols import Mark
from tui.model.times import seconds_ago


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of the daemon. Times are monotonic seconds; `down_since` is None while it answers.

    What the screen shows is as old as the silence: until then the daemon told every change.
    """

    status: Status | None = None
    down_since: float | None = None
    retry_at: float = 0.0
    reason: str = ""

    def up(self, status: Status) -> "Health":
        """The daemon answered."""
        return Health(status)

    def down(self, reason: str, delay: float, now: float) -> "Health":
        """The daemon did not answer; it is asked again in `delay` seconds."""
        since = now if self.down_since is None else self.down_since
        return replace(self, down_since=since, retry_at=now + delay, reason=reason)

    def passing(self) -> bool:
        """Whether the daemon answers but is busy with what ends without an event: starting, reading sources."""
        if self.down_since is not None or self.status is None:
            return False
        return not self.status.idle or self.status.state not in ("ready", "")

    def words(self, now: float) -> tuple[Mark, str]:
        """The state in words: `live`, `reading sources`, `offline · data 12s old · retry in 3s`."""
        if self.down_since is not None:
            retry = max(0, round(self.retry_at - now))
            when = f"retry in {retry}s" if retry else "retrying"
            if self.status is None:
                return Mark.ERROR, f"no daemon · {when}"
            return Mark.ERROR, f"offline · data {seconds_ago(now - self.down_since)} old · {when}"
        if self.status is None:
            return Mark.WAITING, "connecting"
        if self.status.state not in ("ready", ""):
            return Mark.WARNING, self.status.state
        return (Mark.OK, "live") if self.status.idle else (Mark.WAITING, "reading sources")
