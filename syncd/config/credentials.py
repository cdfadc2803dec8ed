"""`[[credentials]]`: what opens git hosts, by a name. The secrets themselves are elsewhere (R77)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from syncd.config.table import Table, Text

_PORTS = {"https": 443, "http": 80, "ssh": 22}
_SOURCES = ("secret_file", "secret_env", "secret_command")


def _opened(value: str) -> str:
    """`scheme://host/path` in the one form that URLs of repositories are compared with."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("is no URL") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("must be https://HOST, http://HOST or ssh://HOST, with a path where it is for a part of it")
    if "@" in parts.netloc or parts.query or parts.fragment or "?" in value or "#" in value:
        raise ValueError("must hold no user, secret, query or fragment")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    where = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = "/".join(part for part in parts.path.split("/") if part).removesuffix(".git")
    return f"{parts.scheme}://{where}/{path}".rstrip("/")


class CredentialSettings(Table):
    """`[[credentials]]`: what opens a git host, by a name; the secret itself is elsewhere."""

    name: Text
    """How messages call it."""
    url: Annotated[Text, AfterValidator(_opened)]
    """What it opens: `https://HOST` or `ssh://HOST`, with a path for a part of it; the longest that fits counts."""
    use: Literal["read", "write"] = "read"
    """`"read"` to fetch with it, `"write"` to push edits with it; neither stands in for the other."""
    user: Text | None = None
    """User name for a password or token over https; without it, `x-access-token`, which most hosts take."""
    bearer: Annotated[bool, Field(strict=True)] = False
    """Send the token as `Authorization: Bearer`, without a user name."""
    secret_file: Path | None = None
    """File that holds the secret: a password, a token, or for ssh a private key; mode 0600. Read each time."""
    secret_env: Text | None = None
    """Variable of the daemon's environment that holds it."""
    secret_command: tuple[Text, ...] = ()
    """Command with its arguments that prints it, run without a shell; asked again after 5 minutes, or a refusal."""

    @model_validator(mode="after")
    def _secret_has_one_place(self) -> "CredentialSettings":
        if sum(bool(getattr(self, name)) for name in _SOURCES) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_SOURCES)}")
        if self.url.startswith("ssh:") and (self.user is not None or self.bearer):
            raise ValueError("user and bearer are for https; the user of ssh stands in the URL of the repository")
        if self.bearer and self.user is not None:
            raise ValueError("a bearer token goes without a user")
        return self


def are_distinct(credentials: Sequence[CredentialSettings]) -> Sequence[CredentialSettings]:
    """Two credentials have neither one name nor the same to open."""
    names = [one.name for one in credentials]
    opened = [(one.use, one.url) for one in credentials]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two have the name {name}")
    for use, url in opened:
        if opened.count((use, url)) > 1:
            raise ValueError(f'two with use = "{use}" are for {url}')
    return credentials
