"""`make test-clients`: Backstage's own client (the npm package, unchanged) against a daemon of its own.

Ends with 0 where there is no Node, after saying so; with another code for everything else that is missing or fails.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.daemon import Daemon
from tests.support.shop import SHOP_LOCATION, SHOP_URL, SHOP_YAML, Forge, component

FOLDER = Path(__file__).parent
LOCK = FOLDER / "package-lock.json"
INSTALLED = FOLDER / "node_modules" / ".installed"
SCOPES = ("read", "locations:write", "entities:write")


def main() -> int:
    """Install what the lock names, start a daemon, run the suite."""
    if shutil.which("node") is None:
        print("node is missing: Backstage's client was not tried. Install Node 20 or newer with npm.", file=sys.stderr)
        return 0
    if not _install():
        return 2
    with TemporaryDirectory() as folder:
        return _run(Path(folder))


def _install() -> bool:
    if INSTALLED.exists() and INSTALLED.read_text() == LOCK.read_text():
        return True
    npm = shutil.which("npm")
    if npm is None:
        print("npm is missing: install it with Node.", file=sys.stderr)
        return False
    if subprocess.run([npm, "ci", "--no-progress"], cwd=FOLDER, check=False).returncode:
        print("npm could not install what package-lock.json names; see above.", file=sys.stderr)
        return False
    INSTALLED.write_text(LOCK.read_text())
    return True


def _run(folder: Path) -> int:
    forge = Forge(folder / "git")
    forge.file("shop", SHOP_YAML)
    scene = {
        "shop": {"target": SHOP_URL, "name": SHOP_LOCATION.partition("/")[2]},
        "targets": {
            "good": [forge.file(name, component(name)) for name in ("one", "two")],
            "bad": forge.file("bad", component("not good")),
        },
    }
    with Daemon(folder / "daemon", forge.config) as daemon:
        daemon.register(SHOP_URL)
        given = json.dumps({**scene, "url": daemon.url, "token": daemon.token(*SCOPES)})
        return subprocess.run(
            ["node", "--test", "."], cwd=FOLDER, env={**os.environ, "CATALOG_SCENE": given}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
