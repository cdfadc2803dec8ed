"""Where there is no Node, `make test-clients` says so and does not fail."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_without_node_it_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.clients"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "node is missing" in done.stderr


def test_the_lock_names_versions_and_no_addresses() -> None:
    lock = (ROOT / "tests" / "clients" / "package-lock.json").read_text()
    assert '"@backstage/catalog-client": "1.16.2"' in lock
    assert '"resolved"' not in lock
    assert "://" not in lock.replace("https://github.com/sponsors", "").replace("https://opencollective.com", "")
