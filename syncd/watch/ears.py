"""By what a push to a repository that is read is heard: whoever rings its doorbell, and file events of a local one."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from syncd.watch.doorbell import Doorbell
from syncd.watch.files import RefWatcher
from syncd.watch.mailbox import Mailbox


class Ears:
    """Listens for the repositories that it is told of."""

    def __init__(
        self,
        mailbox: Mailbox,
        doorbell: Doorbell,
        canonical: Callable[[str], str],
        saved: Callable[[str], Path | None],
        *,
        events: bool,
    ) -> None:
        """`canonical` gives the name of a repository by its URL, `saved` the folder of which also counts what is saved;
        `events` tells whether file events are wanted."""
        self._watcher = RefWatcher(lambda repository: mailbox.ring([repository]))
        self._doorbell = doorbell
        self._canonical = canonical
        self._saved = saved
        self._events = events

    def add(self, url: str) -> None:
        """A repository is read; safe to repeat."""
        repository = self._canonical(url)
        self._doorbell.add(repository)
        if self._events and url.startswith("file:"):
            git_dir = git_dir_of(Path(unquote(urlsplit(url).path)))
            if git_dir is not None:
                self._watcher.add(repository, git_dir, self._saved(url))

    def remove(self, repository: str) -> None:
        """Nobody reads it any more."""
        self._doorbell.remove(repository)
        self._watcher.remove(repository)

    def polled(self) -> list[str]:
        """Local repositories that cannot be watched."""
        return self._watcher.refused

    def close(self) -> None:
        """Hear no more file events."""
        self._watcher.close()


def git_dir_of(path: Path) -> Path | None:
    """The git directory of a repository on this disk, bare or with a work tree; None where there is none."""
    return next((folder for folder in (path, path / ".git") if (folder / "HEAD").is_file()), None)
