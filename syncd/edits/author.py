"""Whose name stands in a commit: who asked, as far as the daemon knows people."""

import pwd
from typing import Final

from syncd.git import Person

MAIL_HOST: Final = "catalog.invalid"
"""The catalog knows nobody's mail, and nobody can have this domain (RFC 2606)."""

COMMITTER: Final = Person("git-catalog", f"git-catalog@{MAIL_HOST}")
"""The daemon."""

_SOCKET: Final = "socket:"
"""Beginning of what callers of the Unix socket are called; the rest is their user id."""


def author_of(actor: str) -> Person:
    """The author of what an actor of the log has done; a user of this machine by the name that it knows."""
    name = login = actor
    if actor.startswith(_SOCKET) and actor.removeprefix(_SOCKET).isdigit():
        try:
            user = pwd.getpwuid(int(actor.removeprefix(_SOCKET)))
        except KeyError:
            pass
        else:
            login = user.pw_name
            name = user.pw_gecos.partition(",")[0].strip() or login
    return Person(name, f"{_mail_name(login)}@{MAIL_HOST}")


def _mail_name(login: str) -> str:
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in login)
    return kept.strip(".-") or "somebody"
