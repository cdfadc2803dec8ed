"""Whether git, started as the daemon starts it, has the settings of the profile and no others (R2)."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from syncd.git.profile import configured
from syncd.git.runner import Runner
from syncd.git.settings import GitSettings
from syncd.git.version import find_git

_OURS: Final = frozenset({"command", "local", "global"})
"""Where settings may come from: the profile, the mirror, and the file that `GIT_CONFIG_GLOBAL` names."""


def profile_faults(settings: GitSettings) -> list[str]:
    """What is otherwise, a sentence each; asked of git in an empty repository. Raises `ConfigError`, `OSError`."""
    with tempfile.TemporaryDirectory(prefix="catalog-doctor-") as folder:
        root = Path(folder)
        runner = Runner(root, settings, find_git().path)
        git_dir = root / "empty.git"
        try:
            made = runner.run(["init", "--quiet", "--bare", str(git_dir)], git_dir)
            told = runner.run(["config", "--list", "--show-scope", "--null"], git_dir)
        finally:
            runner.close()
    if not made.ok or not told.ok:
        return [f"git config failed: {(made.messages or told.messages).strip()}"]
    return _faults(told.output.decode("utf-8", "replace"), configured(settings))


def _faults(listed: str, wanted: Mapping[str, str]) -> list[str]:
    """`listed` is scope, then `name\\nvalue`, each ended by NUL; the last value of a name is the one in force."""
    words = listed.split("\0")[:-1]
    in_force: dict[str, str] = {}
    faults = []
    for scope, setting in zip(words[::2], words[1::2], strict=True):
        name, _, value = setting.partition("\n")
        in_force[name] = value
        if scope not in _OURS:
            faults.append(f"{name} comes from the {scope} configuration")
    faults += [f"{name} is not {value!r}" for name, value in wanted.items() if in_force.get(name.lower()) != value]
    return faults
