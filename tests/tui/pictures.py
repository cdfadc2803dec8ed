"""Pictures of the interface for the documentation: `python -m tests.tui.pictures` draws them, a test holds them.

The sample company is read by a real daemon; scenes press keys and wait for what comes. What differs from run to run
(ages, milliseconds, the commit's number) is written as one value of the same length.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.stage import Stage
from tui.client import Client, find_address
from tui.model.remote import Remote
from tui.model.symbols import ASCII, UNICODE, Symbols
from tui.screens.desk import open_desk
from tui.screens.shell import CatalogApp

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample-repo"
FOLDER = ROOT / "docs" / "pictures"
HOST = "git.kettle-and-moss.example"
FILE = f"https://{HOST}/house/catalog/src/branch/main/catalog-info.yaml"

CONFIG = """
[auth]
mode = "open"

[git]
protocols = ["https", "file"]
poll_interval = "1h"

[[hosts]]
host = "{host}"
type = "gitea"
clone = "file://{folder}/{{owner}}/{{repo}}.git"

[[locations]]
target = "{file}"
write = "commit"
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """Keys, each with a text to wait for after it, on a terminal of a size."""

    name: str
    keys: tuple[tuple[str, str], ...] = ()
    size: tuple[int, int] = (120, 36)
    query: str = ""
    symbols: Symbols = UNICODE


_HUB = "greenhouse-hub"
SCENES = (
    Scene("browse", (("F", "KIND"),), (160, 45), query="kind:component"),
    Scene("browse-120x36", query="kind:component"),
    Scene("browse-80x24", size=(80, 24), query="kind:component"),
    Scene("browse-60x20", size=(60, 20), symbols=ASCII, query="kind:component"),
    Scene("complete", (("slash", "Query"), ("type:owner:", "growers"))),
    Scene("entity", (("enter", "1 Overview"),), query=f"name:{_HUB}"),
    Scene("entity-80x24", (("enter", "1 Overview"),), (80, 24), query=f"name:{_HUB}"),
    Scene("relations", (("enter", "1 Overview"), ("3", "dependsOn")), query=f"name:{_HUB}"),
    Scene("yaml", (("enter", "1 Overview"), ("2", "apiVersion")), query=f"name:{_HUB}"),
    Scene("edit", (("e", "lifecycle"),), query=f"name:{_HUB}"),
    Scene("sync", (("f4", "generated-"),)),
    Scene("errors", (("exclamation_mark", "returns"),)),
    Scene("sql", (("f3", "entities"),)),
    Scene("activity", (("f6", "sync"),)),
    Scene("palette", (("ctrl+p", "Commands"), ("type:stock", "stock-db"))),
    Scene("help", (("question_mark", "Everywhere"),)),
)

_SAME = (
    (re.compile(r"\b\d+([smh]) ago"), lambda found: f"{'2'.rjust(len(found[0]) - 5, '2')}{found[1]} ago"),
    (re.compile(r"(\d+) ms"), lambda found: f"{'4' * len(found[1])} ms"),
    (re.compile(r"\b[0-9a-f]{10}\b"), lambda _: "4f2c1d9a70"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), lambda _: "21:10:02"),
    (re.compile(r"20\d\d-\d\d-\d\d"), lambda _: "2026-11-02"),
)


def plain(text: str) -> str:
    """The text of a picture without what differs from run to run."""
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return text


@contextmanager
def company(folder: Path) -> Iterator[Daemon]:
    """A daemon that has read the sample company from a host of its own."""
    origin = RepoBuilder(folder / "house" / "catalog.git")
    paths = (path for path in SAMPLE.rglob("*") if path.is_file())
    origin.commit({path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in paths})
    with Daemon(folder / "daemon", CONFIG.format(host=HOST, folder=folder, file=FILE)) as daemon:
        daemon.sync()
        yield daemon


async def draw(scene: Scene, daemon: Daemon) -> tuple[str, str]:
    """The picture of a scene: its text, and SVG."""
    client = Client(find_address(str(daemon.state)))
    try:
        app = CatalogApp(open_desk(Remote(client), scene.symbols, scene.query))
        async with app.run_test(size=scene.size) as pilot:
            stage = Stage(app, pilot)
            await stage.until(lambda: stage.table.model.columns, "the first rows")
            await stage.until(lambda: app.desk.health.status, "the daemon's state")
            await stage.quiet()
            for key, wanted in scene.keys:
                await (stage.type(key.removeprefix("type:")) if key.startswith("type:") else stage.press(key))
                await stage.see(wanted)
                await stage.quiet()
            await asyncio.sleep(0.3)  # what is delayed on purpose: preview, offers
            await stage.quiet()
            return plain(stage.text()), plain(app.export_screenshot(title="catalog tui"))
    finally:
        client.close()


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, company(Path(folder)) as daemon:
        for scene in SCENES:
            if wanted and scene.name not in wanted:
                continue
            text, svg = asyncio.run(draw(scene, daemon))
            (FOLDER / f"{scene.name}.txt").write_text(text + "\n")
            (FOLDER / f"{scene.name}.svg").write_text(svg)
            print(f"{scene.name}\n{text}\n", flush=True)


if __name__ == "__main__":
    main()
