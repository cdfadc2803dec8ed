"""Credentials by name: which one opens a repository, for reading or for writing (R8, R52)."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from syncd.git.secret import Secret, SecretError
from syncd.git.url import CloneUrl
from syncd.secrecy import hide

Use = Literal["read", "write"]
USER: Final = "x-access-token"
"""Who shows a token: the name that GitHub wants, and which GitLab, Gitea and Azure DevOps take as any other."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret for the repositories of one host, or for those below a path of it.

    `origin` is `scheme://host` in canonical form, with the port where that is not the usual one; `path` begins with a
    slash or is "". `user` "" means that the secret is a bearer token. For ssh the secret is a private key.
    """

    name: str
    origin: str
    path: str
    use: Use
    secret: Secret
    user: str = USER

    def opens(self, url: CloneUrl) -> bool:
        """Whether it is for this repository; `/acme` is not for `/acme-two`."""
        if self.origin != url.origin:
            return False
        path = url.path.removesuffix(".git")
        return not self.path or path == self.path or path.startswith(self.path + "/")

    def header(self) -> str:
        """The line of an HTTP request that shows it. Raises `SecretError`."""
        secret = self.read()
        if not secret.isprintable():
            raise SecretError(
                f"credential {self.name}: {self.secret.place} holds more than one line, or control characters",
                hint="it must give the password or token, and nothing else",
            )
        if not self.user:
            return f"Authorization: Bearer {secret}"
        shown = b64encode(f"{self.user}:{secret}".encode()).decode("ascii")
        hide(shown)
        return f"Authorization: Basic {shown}"

    def read(self) -> str:
        """The secret. Raises `SecretError`, which names the credential."""
        with self._named():
            return self.secret.read()

    def renew(self) -> bool:
        """Whether there is another secret since this one was refused. Raises as `read`."""
        with self._named():
            return self.secret.renew()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except SecretError as error:
            raise SecretError(f"credential {self.name}: {error}", hint=error.hint) from None


def credential_for(credentials: Iterable[Credential], url: CloneUrl, use: Use) -> Credential | None:
    """The one for a repository: of those that are for it, the one with the longest path."""
    fitting = [one for one in credentials if one.use == use and one.opens(url)]
    return max(fitting, key=lambda one: len(one.path), default=None)
