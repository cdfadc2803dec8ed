"""The environment of every git child, built from nothing (reliability, appendix 1)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from syncd.git.secret import SecretVariable
from syncd.git.settings import GitSettings

_INHERITED: Final = ("PATH",)
_REFUSED_PREFIXES: Final = ("GIT_", "SSH_", "GCM_")
_FSCK_IGNORED: Final = (
    "zeroPaddedFilemode",
    "badTimezone",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "zeroPaddedDate",
    "missingEmail",
)
_NOTHING: Final[Mapping[str, str]] = {}


def git_environment(root: Path, settings: GitSettings) -> dict[str, str]:
    """The profile without `GIT_DIR`, which each call adds. `root` holds the mirrors and what `prepare_home` wrote."""
    root = root.absolute()
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= {
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "TZ": "UTC",
        "HOME": str(root / "home"),
        "XDG_CONFIG_HOME": str(root / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_CONFIG_GLOBAL": str(root / "gitconfig"),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "false",
        "SSH_ASKPASS": "false",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_ALLOW_PROTOCOL": ":".join(settings.protocols),
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_HTTP_LOW_SPEED_LIMIT": str(settings.stall_bytes),
        "GIT_HTTP_LOW_SPEED_TIME": str(settings.stall_seconds),
        "GIT_SSH_VARIANT": "ssh",
        "GIT_SSH_COMMAND": "false",  # each conversation brings its own
        "GIT_CEILING_DIRECTORIES": str(root),
        "GIT_DEFAULT_REF_FORMAT": "files",  # refs are read as files, whatever git's next default is
    }
    return environment | settings_for_child(settings)


def prepare_home(root: Path, settings: GitSettings) -> None:
    """Write what the profile names: an empty home and a private configuration with the allowed directories."""
    (root / "home").mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = ["[safe]\n", *(f"\tdirectory = {_config_string(path)}\n" for path in settings.safe_directories)]
    file = root / "gitconfig"
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text("".join(lines), encoding="utf-8")


def install_environment(root: Path, settings: GitSettings) -> None:
    """Make the daemon's own environment harmless: GitPython copies it into each of its children (R2).

    Called once, before the first thread. `HOME` stays the daemon's own; the door overrides it in each child.
    """
    for credential in settings.credentials:
        if isinstance(credential.secret, SecretVariable):
            os.environ.pop(credential.secret.name, None)  # for the one child that needs it (R78)
    for name in list(os.environ):
        if name.startswith(_REFUSED_PREFIXES) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ |= {name: value for name, value in git_environment(root, settings).items() if name.startswith("GIT_")}


def configured(settings: GitSettings) -> Mapping[str, str]:
    """What the profile says beside the environment: git's own settings, given to each child."""
    return {
        "core.hooksPath": "/dev/null",
        "core.fsmonitor": "false",
        "core.symlinks": "false",
        "core.protectHFS": "true",
        "core.protectNTFS": "true",
        "core.attributesFile": "/dev/null",
        "core.askPass": "false",
        "protocol.allow": "never",
        "transfer.fsckObjects": "true",
        "fetch.fsckObjects": "true",
        **{f"fetch.fsck.{name}": "ignore" for name in _FSCK_IGNORED},
        "transfer.credentialsInUrl": "die",
        "transfer.bundleURI": "false",
        "fetch.recurseSubmodules": "false",
        "submodule.recurse": "false",
        "credential.helper": "",
        "http.followRedirects": "false",
        "http.sslVerify": "true",
        "http.proxy": settings.proxy,
        **({"http.sslCAInfo": str(settings.ca_file)} if settings.ca_file else {}),
        "safe.bareRepository": "explicit",
        "gc.auto": "0",
        "maintenance.auto": "false",
        "pack.threads": "1",
        "pack.windowMemory": "64m",
        "core.bigFileThreshold": "1m",
        "advice.detachedHead": "false",
    }


def settings_for_child(settings: GitSettings, more: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """`configured`, and what one child is told beside it, as variables of its environment."""
    config = {**configured(settings), **more}
    environment = {"GIT_CONFIG_COUNT": str(len(config))}
    for index, (key, value) in enumerate(config.items()):
        environment[f"GIT_CONFIG_KEY_{index}"] = key
        environment[f"GIT_CONFIG_VALUE_{index}"] = value
    return environment


def _config_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
