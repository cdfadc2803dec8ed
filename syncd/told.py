"""What each part of the daemon is told of the configuration."""

import os
from collections.abc import Iterable, Mapping

from syncd.config import CredentialSettings, KindSettings, RuleLocationSettings, Settings
from syncd.git import GitSettings
from syncd.git.credentials import USER, Credential
from syncd.git.secret import Secret, SecretCommand, SecretFile, SecretVariable
from syncd.ingest.limits import ParseLimits
from syncd.model.host import Host, Hosts
from syncd.model.rules import AllowedKind, AllowedKinds, LocationKey, Origin, Rule, Rules, target_pattern
from syncd.walk.walk import Limits


def hosts_of(settings: Settings) -> Hosts:
    """The hosts that may be reached."""
    return Hosts(Host(entry.host, entry.type, entry.clone or "") for entry in settings.hosts)


def git_settings(settings: Settings) -> GitSettings:
    """What the git door is told. A host whose clone template is a file URL allows that transport by itself."""
    limits, git = settings.limits, settings.git
    mapped = any((entry.clone or "").startswith("file:") for entry in settings.hosts)
    protocols = (*git.protocols, *(("file",) if mapped and "file" not in git.protocols else ()))
    return GitSettings(
        protocols=protocols,
        depth=git.depth or 0,
        fetch_clock=limits.fetch_timeout.total_seconds(),
        first_fetch_clock=limits.first_fetch_timeout.total_seconds(),
        connect_timeout=max(1, round(limits.connect_timeout.total_seconds())),
        stall_seconds=max(1, round(limits.stall_timeout.total_seconds())),
        stall_bytes=limits.stall_rate,
        concurrency=limits.git_processes,
        concurrency_per_host=limits.git_processes_per_host,
        mirror_bytes=limits.mirror_size,
        free_bytes=limits.free_space,
        free_share=limits.free_space_percent / 100,
        tree_entries=limits.tree_entries,
        tree_depth=limits.tree_depth,
        path_bytes=limits.path_size,
        matched_files=limits.matched_files,
        ca_file=git.ca_file.absolute() if git.ca_file else None,
        ssh_known_hosts=git.known_hosts,
        credentials=credentials_of(settings),
        addresses_allowed=git.addresses_allowed,
    )


def credentials_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> tuple[Credential, ...]:
    """What opens hosts; variables of the environment are read here, and only here."""
    return tuple(_credential(entry, environ) for entry in settings.credentials)


def parse_limits(settings: Settings) -> ParseLimits:
    """What the parser is told."""
    limits = settings.limits
    return ParseLimits(
        file_bytes=limits.file_size,
        documents=limits.documents_per_file,
        depth=limits.yaml_depth,
        events=limits.yaml_events,
        aliases=limits.yaml_aliases,
        expanded_nodes=limits.yaml_nodes,
        scalar_bytes=limits.scalar_size,
        key_bytes=limits.key_size,
    )


def walk_limits(settings: Settings) -> Limits:
    """What walks are told."""
    limits = settings.limits
    return Limits(limits.location_depth, limits.matched_files, limits.location_descendants, limits.file_size)


def rules_of(settings: Settings) -> Rules:
    """Which kinds may come from where."""
    if settings.rules is None:
        return Rules()
    own: dict[LocationKey, AllowedKinds] = {}
    for entry in settings.locations:
        key = (entry.type, entry.target, entry.ref or "", tuple(entry.path))
        own[key] = _kinds(kind for rule in entry.rules for kind in rule.allow)
    return Rules(tuple(Rule(_kinds(rule.allow), tuple(map(_origin, rule.locations))) for rule in settings.rules), own)


def _credential(settings: CredentialSettings, environ: Mapping[str, str]) -> Credential:
    scheme, _, place = settings.url.partition("://")
    host, slash, path = place.partition("/")
    user = "" if settings.bearer else settings.user or USER
    return Credential(settings.name, f"{scheme}://{host}", slash + path, settings.use, _secret(settings, environ), user)


def _secret(settings: CredentialSettings, environ: Mapping[str, str]) -> Secret:
    if settings.secret_file is not None:
        return SecretFile(settings.secret_file.absolute())
    if settings.secret_env is not None:
        return SecretVariable(settings.secret_env, environ.get(settings.secret_env))
    return SecretCommand(settings.secret_command)


def _origin(settings: RuleLocationSettings) -> Origin:
    pattern = target_pattern(settings.pattern) if settings.pattern else None
    return Origin(settings.type, settings.exact or "", pattern)


def _kinds(settings: Iterable[KindSettings]) -> AllowedKinds:
    return tuple(AllowedKind(entry.kind, entry.type or "") for entry in settings)
