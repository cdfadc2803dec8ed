"""Who makes tokens and ends them, so that the log tells of it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from syncd.api.tokens import Tokens
from syncd.model.token import TokenRecord
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry, Write


class Issuer:
    """Every call is durable, and a row of the log, when it returns. Thread-safe."""

    def __init__(self, tokens: Tokens, submit: Callable[[Write], None]) -> None:
        self._tokens = tokens
        self._submit = submit

    def create(
        self, name: str, scopes: Sequence[str], expires: datetime | None, read: str | None = None, *, actor: str
    ) -> tuple[TokenRecord, str]:
        """A new token and its text, which is shown this once; `read` is the condition that it carries."""
        made: list[tuple[TokenRecord, str]] = []

        def write(_: Publication) -> Entry:
            made.append(self._tokens.create(name, scopes, expires, read))
            return Entry(actor, "token.created", made[0][0].id, {"name": name, "scopes": list(scopes), "read": read})

        self._submit(write)
        return made[0]

    def revoke(self, token_id: str, *, actor: str) -> None:
        """End a token at once; NotFoundError for an unknown one."""

        def write(_: Publication) -> Entry:
            record = self._tokens.revoke(token_id)
            return Entry(actor, "token.revoked", token_id, {"name": record.name})

        self._submit(write)
