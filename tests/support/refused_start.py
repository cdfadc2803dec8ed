"""A daemon that refuses to start: what it says and how it ends."""

import os
import subprocess
import sys
from pathlib import Path


def refused_start(folder: Path, config: str, listen: str) -> "subprocess.CompletedProcess[str]":
    """Start with a configuration and an address, and wait for the end."""
    (folder / "config.toml").write_text(config)
    return subprocess.run(
        [
            sys.executable, "-m", "syncd", "run", "--state", str(folder / "state"), "--listen", listen,
            "--config", str(folder / "config.toml"),
        ],
        capture_output=True, text=True, timeout=60, env=dict(os.environ), cwd=Path(__file__).parents[2],
    )  # fmt: skip
