"""The doorbell: who knows that somebody pushed rings it, by any URL of the repository."""

from collections.abc import Iterable

from syncd.model.host import Hosts
from syncd.watch.addresses import AddressBook
from syncd.watch.mailbox import Mailbox


class Doorbell:
    """Rings registered repositories, and no others: what is not registered is not there. Thread-safe."""

    def __init__(self, mailbox: Mailbox, hosts: Hosts) -> None:
        self._mailbox = mailbox
        self._book = AddressBook(hosts)

    def add(self, repository: str) -> None:
        """A repository is registered, by its canonical URL; safe to repeat."""
        self._book.add(repository)

    def remove(self, repository: str) -> None:
        """Nobody reads it any more."""
        self._book.remove(repository)

    def ring(self, urls: Iterable[str]) -> list[str]:
        """Have a look at the repositories that these URLs may mean; their canonical URLs. Returns at once."""
        found = sorted(self._book.find(urls))
        self._mailbox.ring(found)
        return found
