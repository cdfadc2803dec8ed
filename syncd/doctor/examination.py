"""Everything that is looked at, in one order."""

from collections.abc import Mapping
from pathlib import Path

from syncd.config import Settings, load_settings
from syncd.doctor.check import Check
from syncd.doctor.files import credentials, files
from syncd.doctor.machine import machine
from syncd.doctor.running import running
from syncd.errors import ConfigError
from syncd.statedir import StateDir


def examine(state_dir: StateDir, config: Path | None, environ: Mapping[str, str]) -> list[Check]:
    """All checks. Where the configuration cannot be read, the rest is checked with the defaults."""
    try:
        settings = load_settings(config, environ)
        configuration = Check("configuration", "ok", "it can be read")
    except ConfigError as error:
        settings = Settings()
        configuration = Check("configuration", "failed", str(error), error.hint or "correct what it names")
    return [
        configuration,
        *machine(state_dir, settings),
        *files(state_dir, settings),
        *credentials(state_dir, settings),
        *running(state_dir),
    ]
