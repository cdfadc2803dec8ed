"""A daemon whose disk begins to fail while clients write, and that is killed then; nothing acknowledged may be lost."""

import errno
import shutil
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.support.failing_disk import CALLS
from tests.support.killing import LONGEST_LIFE
from tests.support.killing_writes import CONFIGURATION, WriteKillLoop, Writer
from tests.support.process import KilledError, Process

SUFFERS = 0.4
"""Seconds that the daemon lives on with a disk that fails."""
CODES = (errno.EIO, errno.ENOSPC)


class FaultLoop(WriteKillLoop):
    """As `WriteKillLoop`; in each life one system call begins to fail at a random moment."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self._trigger = folder / "fault"
        self._fault = ("", 0)
        self.told: Counter[str] = Counter()
        """What became of writes, by call and status."""
        self.set_aside = 0
        """Indexes that were found damaged afterwards, and built again."""

    def __str__(self) -> str:
        told = ", ".join(f"{what} {count}" for what, count in sorted(self.told.items()))
        return f"{self.figures}; {self.set_aside} indexes set aside; {told}"

    def round(self) -> None:
        """One life: it begins on a sound disk, which fails from a random moment on, and ends with a kill."""
        self._fault = (self._random.choice(sorted(CALLS)), self._random.choice(CODES))
        self._trigger.unlink(missing_ok=True)
        process = self._start()
        threads = [threading.Thread(target=self._write, args=(process, writer)) for writer in self._writers]
        for thread in threads:
            thread.start()
        time.sleep(self._random.uniform(0, LONGEST_LIFE))  # the random moment is what this is about
        self._trigger.touch()
        time.sleep(SUFFERS)
        process.kill()
        self.figures.kills += 1
        for thread in threads:
            thread.join()

    def finish(self) -> None:
        """On a sound disk."""
        self._trigger.unlink(missing_ok=True)
        super().finish()

    def _start(self) -> Process:
        quarantine = self._folder / "state" / "quarantine"
        self.set_aside += quarantine.exists()
        shutil.rmtree(quarantine, ignore_errors=True)
        return super()._start()

    def _process(self) -> Process:
        if not self._fault[0]:
            return super()._process()
        call, code = self._fault
        program = (sys.executable, "-m", "tests.support.failing_disk", str(self._trigger), call, str(code), "run")
        return Process(self._folder, CONFIGURATION, program=program)

    def _write(self, process: Process, writer: Writer) -> None:
        """What is refused is not there, or in doubt: it was asked for, and the next number is the same."""
        try:
            while True:
                status, answer = process.ask("POST", "/api/own/properties", writer.body())
                assert status in (200, 503, 507), answer
                with self._lock:
                    self.told[f"{self._fault[0]} {status}" if self._trigger.exists() else f"sound {status}"] += 1
                    self.figures.acknowledged += status == 200
                if status == 200:
                    writer.said = writer.asked
                else:
                    time.sleep(0.02)
        except KilledError:
            with self._lock:
                self.figures.unknown += 1
