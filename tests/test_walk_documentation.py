"""`docs/walk.md` is run: every command of its console blocks, in order, while `catalog watch` runs beside them.

`UPDATE_DOCS=1` (`make walk`) writes the answers into the page.
"""

import getpass
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.console import ADDRESS, ROOT, VARIES, Page, answers
from tests.support.daemon import Daemon, wait_until
from tests.support.repository import RepoBuilder

FOLDER = "/srv/git"
"""Where the repository is on the page."""
PAGE = Page(ROOT / "docs" / "walk.md", ((r"\b[0-9a-f]{32}\b", "EDIT"), (r"\b[0-9a-f]{40}\b", "COMMIT"), *VARIES))
SHOP = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout   # as customers know it
spec:
  type: service
  lifecycle: experimental
  owner: team-a
"""
USER = "mira"
"""Who walks, on the page."""
SEEN = """
for turn in $(seq 400); do
  catalog location list -o json | grep -q "$(git rev-parse HEAD)" && break; sleep 0.05
done
"""
"""After a push: nobody rings; the next command comes when the daemon has seen it by itself."""


@contextmanager
def watching(daemon: Daemon, file: Path) -> Iterator[None]:
    """What `catalog watch` prints goes into a file, from when it is connected."""
    environment = {**os.environ, "CATALOG_STATE": str(daemon.state), "CATALOG_CONFIG": os.devnull}
    with file.open("wb") as out, file.with_suffix(".err").open("wb") as notes:
        command = [sys.executable, "-m", "tui.cli", "watch", "-o", "table"]
        watch = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=notes)
    try:
        wait_until(lambda: "watching" in file.with_suffix(".err").read_text(), "it is connected")
        yield
    finally:
        watch.terminate()
        watch.wait()


def test_the_walk_goes_as_the_page_shows(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "git" / "shop.git")
    repository.commit({"catalog-info.yaml": SHOP}, "The checkout")
    (configuration,) = PAGE.blocks("toml")
    hosts = f'[[hosts]]\nhost = "git.example.test"\ntype = "gitea"\nclone = "file://{FOLDER}/{{repo}}.git"\n'
    text = (configuration + hosts).replace(FOLDER, str(tmp_path / "git"))
    shown = PAGE.commands
    scripts = [one.script + SEEN if "git push" in one.script else one.script for one in shown]
    with Daemon(tmp_path / "daemon", text) as daemon:
        daemon.sync()
        with watching(daemon, tmp_path / "watch.txt"):
            replaced = {FOLDER: str(tmp_path / "git"), ADDRESS: daemon.url, USER: getpass.getuser()}
            given = answers(tmp_path, daemon, scripts, replaced, {})
    PAGE.compare(given)
