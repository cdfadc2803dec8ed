"""Jobs that wait for the publisher, handed out in groups that are done together."""

import queue
import time

from syncd.stitch.job import Job, room_beside, size_of
from syncd.stitch.write import Shared

COMPANY_SHARE = 0.5
"""How long a write waits for others that are about to come: at most this share of what the last transaction took, since
one more costs as much again."""

LONGEST_COMPANY_SECONDS = 0.01


class JobQueue:
    """`put` may be called from any thread; one thread takes the groups."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._carried: Job | None = None
        """Taken, but not part of the group before it."""
        self._ended = False
        self._answered = 0
        """How many writes were handed out together the last time: whoever made them is about to write again."""
        self.transaction_seconds = 0.0
        """What the last transaction took, as whoever takes the groups tells."""

    def put(self, job: Job) -> None:
        """Have it done after all that waits."""
        self._jobs.put(job)

    def end(self) -> None:
        """Nothing comes any more."""
        self._jobs.put(None)

    def group(self, timeout: float) -> list[Job] | None:
        """The next jobs that are done together, none of them when nothing came in `timeout` seconds; None at the end,
        when all that waited has been handed out."""
        asked = time.monotonic()
        expected = self._answered + self._jobs.qsize()
        first, self._carried = self._carried, None
        if first is None:
            try:
                first = None if self._ended else self._jobs.get(timeout=timeout)
            except queue.Empty:
                self._answered = 0
                return []
        if first is None:
            return None
        company = min(LONGEST_COMPANY_SECONDS, COMPANY_SHARE * self.transaction_seconds)
        group = self._beside(first, expected, asked + company)
        self._answered = len(group) if isinstance(first.work, Shared) else 0
        return group

    def _beside(self, first: Job, expected: int, deadline: float) -> list[Job]:
        """The job, and what follows it and can be done with it, up to the number that is expected by then."""
        group = [first]
        room = room_beside(first)
        while room > 0:
            waits = isinstance(first.work, Shared) and len(group) < expected
            left = deadline - time.monotonic() if waits else 0.0
            try:
                job = self._jobs.get(timeout=left) if left > 0 else self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._ended = True
                break
            if type(job.work) is not type(first.work):
                self._carried = job
                break
            group.append(job)
            room -= size_of(job)
        return group
