"""The configuration as one frozen value; each field carries the sentence that documents it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from syncd.config.credentials import CredentialSettings, are_distinct
from syncd.config.limits import LimitSettings
from syncd.config.rules import LocationRuleSettings, RuleSettings
from syncd.config.table import Table, Text
from syncd.config.values import Count, Duration, Flag, HostPattern, Listener, ListenerText, NetworkText
from syncd.errors import ConfigError
from syncd.model.location import WriteMode
from syncd.model.ref import RefError, parse_ref
from syncd.overlay.path import canonical

DEFAULT_LISTENER = Listener("127.0.0.1", 7007)
SHORTEST_POLL = 1
"""Seconds between two polls of a repository, at least."""
Protocol = Literal["https", "ssh", "http", "git", "file"]
HostType = Literal["github", "gitlab", "gitea", "bitbucket", "bitbucket-server", "azure"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an http or https URL")
    return value.rstrip("/")


def _clone_template(value: str) -> str:
    user, at, _ = value.partition("://")[2].partition("/")[0].rpartition("@")
    if at and (":" in user or not value.startswith("ssh:")):
        raise ValueError("must hold no user name or secret: name it in [[credentials]]")
    return value


PollInterval = Annotated[Duration, Field(ge=timedelta(seconds=SHORTEST_POLL))]
OneOrMore = BeforeValidator(_as_list, json_schema_input_type=str | tuple[str, ...])


class DaemonSettings(Table):
    """`[daemon]`: where the daemon listens and under which names it may be asked."""

    listen: Annotated[tuple[ListenerText, ...], OneOrMore] = (DEFAULT_LISTENER,)
    """Addresses to listen on, `HOST:PORT`; port 0 takes a free one. The Unix socket is always there."""
    hosts_allowed: Annotated[tuple[Text, ...], OneOrMore] = ()
    """Names that a request's `Host` may have besides the loopback names, the listening addresses and `base_url`."""
    origins_allowed: Annotated[tuple[Text, ...], OneOrMore] = ()
    """Web origins (`https://portal.example.test`) whose pages may call the API."""
    base_url: Annotated[str, AfterValidator(_base_url)] | None = None
    """The address that people and other programs know the daemon by."""
    tls_certificate: Path | None = None
    """Certificate chain (PEM) that TCP listeners present; needs `tls_key`."""
    tls_key: Path | None = None
    """Private key (PEM) of `tls_certificate`."""
    behind_proxy: Flag = False
    """A proxy in front adds TLS, so that addresses other than loopback may be listened on without a certificate."""
    log_format: Literal["text", "json"] = "text"
    """Lines on stderr: `"text"` for people, or `"json"`, an object a line, for programs."""

    @model_validator(mode="after")
    def _tls_is_whole(self) -> "DaemonSettings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key go together")
        return self


class AuthSettings(Table):
    """`[auth]`: who may call the API over TCP (R54)."""

    mode: Literal["tokens", "open"] = "tokens"
    """`"tokens"` asks every caller over TCP for a token; `"open"` asks nobody and needs loopback listeners."""
    accounts: Annotated[tuple[Text, ...], OneOrMore] = ()
    """Accounts that a request's `Harness-Account` may name, or its query; without any, it is only noted."""
    access_token_life: Annotated[Duration, Field(ge=timedelta(seconds=1))] = timedelta(hours=3)
    """How long an access token opens anything that a client got for its secret."""


class GitSettings(Table):
    """`[git]`: how repositories are reached and how often they are looked at."""

    protocols: Annotated[tuple[Protocol, ...], OneOrMore] = ("https", "ssh")
    """Transports that a clone URL may use."""
    poll_interval: PollInterval = timedelta(seconds=60)
    """How often a repository is fetched when nothing rang."""
    depth: Count | None = None
    """Commits of history to fetch; without it, all of it."""
    known_hosts: Path | None = None
    """Keys of the hosts that ssh may talk to, as `ssh-keyscan` writes them; without it, `STATE/known_hosts`."""
    ca_file: Path | None = None
    """Certificates (PEM) by which https servers are known; without it, those of the system."""
    hosts_allowed: Annotated[tuple[HostPattern, ...], OneOrMore] = ()
    """Hosts that an API client may register besides those of `[[hosts]]`: a name with its port, or `*.example.test`."""
    addresses_allowed: Annotated[tuple[NetworkText, ...], OneOrMore] = ()
    """Networks, such as `"10.0.0.0/8"`, to which names of hosts may lead besides the public internet."""
    local_roots: Annotated[tuple[Path, ...], OneOrMore] = ()
    """Folders from which an API client may register `file://` repositories."""
    watch: Flag = True
    """Watch `file://` repositories for pushes."""


class CatalogSettings(Table):
    """`[catalog]`: what becomes of entities."""

    orphan_strategy: Literal["delete", "keep"] = "delete"
    """What happens to an entity that no source emits any more: it goes, or it stays with an orphan mark."""
    readonly: Flag = False
    """Refuse to add, change or remove locations through the API."""
    codeowners: Flag = False
    """Fill in a missing `spec.owner` from the repository's CODEOWNERS file."""
    scm_slug: Flag = False
    """Name the repository of a Component in an annotation such as `github.com/project-slug`."""


class HostSettings(Table):
    """`[[hosts]]`: a git host and how its web URLs become clone URLs."""

    host: Text
    """Name of the host in web URLs, with its port where it has one."""
    type: HostType
    """Whose web URLs it uses: `"github"`, `"gitlab"`, `"gitea"`, `"bitbucket"`, `"bitbucket-server"` or `"azure"`."""
    clone: Annotated[Text, AfterValidator(_clone_template)] | None = None
    """Clone URL with `{owner}` and `{repo}`; without it, the host's own https URL."""


class LocationSettings(Table):
    """`[[locations]]`: a registered source that the API cannot remove."""

    target: Text
    """URL of a file in a repository, or the clone URL of a repository."""
    type: Literal["url", "git"] = "url"
    """`"url"` for the URL of a file, `"git"` for a clone URL."""
    ref: Text | None = None
    """Branch, tag or commit of a `git` location; without it, the remote's default branch."""
    saved: Flag = False
    """Read what is saved in the work tree of a `file://` repository, on top of what is checked out."""
    path: Annotated[tuple[Text, ...], OneOrMore] = ()
    """Path pattern, or several, of a `git` location; without it, `catalog-info.yaml` and `port.yml` at any depth."""
    priority: Annotated[int, Field(strict=True)] = 0
    """Who wins when two locations emit one entity: the higher number."""
    write: WriteMode = "none"
    """Whether edits may be pushed to it: not at all, to a branch of their own, or as a commit."""
    poll_interval: PollInterval | None = None
    """How often it is fetched when nothing rang; without it, as `[git]` says."""
    rules: tuple[LocationRuleSettings, ...] = ()
    """Kinds admitted from it beside those of `[[rules]]`: `[{ allow = ["Group", "User"] }]`."""

    @model_validator(mode="after")
    def _selectors_belong_to_git(self) -> "LocationSettings":
        if self.type == "url" and (self.ref is not None or self.path):
            raise ValueError('ref and path belong to locations of type = "git"; a URL names both itself')
        if self.saved and (self.type == "url" or self.ref is not None or not self.target.startswith("file:")):
            raise ValueError('saved = true belongs to type = "git", a target that begins with file:, and no ref')
        return self


class OverlaySettings(Table):
    """`[overlay]`: custom properties beside what git says."""

    open_prefixes: Annotated[tuple[Annotated[Text, AfterValidator(canonical)], ...], OneOrMore] = ()
    """Paths below `spec` that Harness's calls may set nevertheless, such as `"spec.lifecycle"`."""


class ExpressionSettings(Table):
    """`[expressions]`: how the expressions of cards, checks and layouts read an entity."""

    additional_info_fallback: Flag = True
    """Let `metadata.additionalInfo.X` mean an ingested `metadata.X` where there is no other value."""


class ClientSettings(Table):
    """`[client]`: the person in front of the terminal."""

    user: str = ""
    """Who `@me` is in query lines over the Unix socket: the ref of a user, such as `"user:default/mira"`."""

    @field_validator("user")
    @classmethod
    def _user_is_a_ref(cls, user: str) -> str:
        try:
            return str(parse_ref(user, kind="user")) if user else ""
        except RefError as error:
            raise ValueError(str(error)) from None


class TuiSettings(Table):
    """`[tui]`: the terminal interface. It reads this table itself, when it starts."""

    theme: str = ""
    """Its colours: `"catalog-dark"` (usual), a theme of Textual (`"nord"`, `"ansi-dark"` …), or a file of yours."""


class KeySettings(Table):
    """`[keys]`: other keys for actions of the terminal interface, by the ids of [its keys](tui.md#keys)."""

    model_config = ConfigDict(extra="allow", frozen=True)


class ViewSettings(Table):
    """`[views]`: has no settings yet."""


class Settings(Table):
    """The whole configuration; `load_settings` reads it once, everything else gets it as an argument."""

    daemon: DaemonSettings = DaemonSettings()
    auth: AuthSettings = AuthSettings()
    git: GitSettings = GitSettings()
    limits: LimitSettings = LimitSettings()
    catalog: CatalogSettings = CatalogSettings()
    overlay: OverlaySettings = OverlaySettings()
    expressions: ExpressionSettings = ExpressionSettings()
    client: ClientSettings = ClientSettings()
    tui: TuiSettings = TuiSettings()
    keys: KeySettings = KeySettings()
    views: ViewSettings = ViewSettings()
    hosts: tuple[HostSettings, ...] = ()
    locations: tuple[LocationSettings, ...] = ()
    rules: tuple[RuleSettings, ...] | None = None
    credentials: Annotated[tuple[CredentialSettings, ...], AfterValidator(are_distinct)] = ()
    _file: str = PrivateAttr(default="")

    @property
    def file(self) -> str:
        """The file that was read, to be named to people; "" where there was none."""
        return self._file

    def read_from(self, file: str) -> "Settings":
        """The same settings, with the file that says them."""
        settings = self.model_copy()
        settings._file = file
        return settings

    def listening_on(self, listen: Sequence[Listener]) -> "Settings":
        """The same settings with other TCP listeners (`--listen`); ConfigError where these may not be listened on."""
        changed = self.model_copy(update={"daemon": self.daemon.model_copy(update={"listen": tuple(listen)})})
        changed.check_listeners()
        return changed

    def check_listeners(self) -> None:
        """Raise ConfigError unless each listener is loopback, or is explicitly protected (R54, R57)."""
        for listener in self.daemon.listen:
            if listener.loopback:
                continue
            if self.auth.mode == "open":
                raise ConfigError(
                    f'[auth] mode = "open" and listen = "{listener}": everybody who reaches this address could change'
                    " the catalog",
                    hint='use mode = "tokens", or listen on 127.0.0.1 only',
                )
            if self.daemon.tls_certificate is None and not self.daemon.behind_proxy:
                raise ConfigError(
                    f'[daemon] listen = "{listener}": tokens would cross the network in clear',
                    hint="set tls_certificate and tls_key, or behind_proxy = true where a proxy adds TLS",
                )
