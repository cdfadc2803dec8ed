"""Pictures of the interface for the documentation: `python -m tests.tui.pictures` draws them, a test holds them.

The sample company is read by a real daemon; scenes press keys and wait for what comes. What differs from run to run
(ages, milliseconds, the commit's number) is written as one value of the same length.
"""

import asyncio
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

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

CONFIG = """
[auth]
mode = "open"

[git]
protocols = ["https", "file"]
poll_interval = "1h"

[[locations]]
type = "git"
target = "{url}"
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
    no_color: bool = False


_HUB = "greenhouse-hub"
SCENES = (
    Scene("browse", (), (160, 45), query="kind:component"),
    Scene("browse-120x36", query="kind:component"),
    Scene("browse-80x24", size=(80, 24), query="kind:component"),
    Scene("browse-60x20", size=(60, 20), symbols=ASCII, query="kind:component"),
    Scene("complete", (("slash", "to the table"), ("type:owner:", "growers"))),
    Scene("entity", (("enter", "1 Overview"),), query=f"name:{_HUB}"),
    Scene("entity-80x24", (("enter", "1 Overview"),), (80, 24), query=f"name:{_HUB}"),
    Scene("relations", (("enter", "1 Overview"), ("3", "dependsOn")), query=f"name:{_HUB}"),
    Scene("yaml", (("enter", "1 Overview"), ("2", "apiVersion")), query=f"name:{_HUB}"),
    Scene("edit", (("e", "lifecycle"),), query=f"name:{_HUB}"),
    Scene("sync", (("f4", "location.added"),)),
    Scene("errors", (("exclamation_mark", "returns"),)),
    Scene("sql", (("f3", "+ users"), ("ctrl+r", "Template"))),
    Scene("activity", (("f6", "sync"),)),
    Scene("palette", (("ctrl+p", "Commands"), ("type:stock", "stock-db"))),
    Scene(
        "jump",
        (("j", "+3 more"), ("ctrl+o", "press a letter")),
        (140, 32),
        query="kind:component lifecycle:production",
        no_color=True,
    ),
    Scene("help", (("question_mark", "type a key or a word"),)),
)

_SAME = (
    (re.compile(r" +(from git \w+ · )\d+[smh] (?=ago)"), lambda found: f"{found[1]}2s ".rjust(len(found[0]))),
    (re.compile(r"daemon up \d+[smh]"), lambda _: "daemon up 2s"),
    (re.compile(r"last full pass \d+[smh]"), lambda _: "last full pass 2s"),
    (re.compile(r"\b\d+[smh] ago"), lambda found: "2s ago".rjust(len(found[0]), "2")),
    (re.compile(r" +(\d[\d, of]*  ·  )\d+ ms"), lambda found: f"{found[1]}4 ms".rjust(len(found[0]))),
    (
        re.compile(r"(?<=rows · )[\d.]+ m?s · data \d+s old ──"),
        lambda found: "5 ms · data 2s old ".ljust(len(found[0]), "─"),
    ),
    (re.compile(r"\bgenerated-[0-9a-f]+"), lambda found: ("generated-" + "4f2c1d9a70" * 4)[: len(found[0])]),
    (re.compile(r"\b[0-9a-f]{40}\b"), lambda _: "4f2c1d9a70" * 4),
    (re.compile(r"\b[0-9a-f]{10}\b"), lambda _: "4f2c1d9a70"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), lambda _: "21:10:02"),
    (re.compile(r"\b\d\d-\d\d (?=\d\d:)"), lambda _: "11-02 "),
    (re.compile(r"\b\d+ms\b"), lambda found: "4ms".ljust(len(found[0]))),
    (re.compile(r"\b\d{1,2}[sm] +in "), lambda found: "2s".ljust(len(found[0]) - 3) + "in "),
    (re.compile(r"\bin \d+[mhd] {1,3}"), lambda found: "in 59m".ljust(len(found[0]))),
    (re.compile(r"[\w-]{1,11}(?=/house)"), lambda found: "kettle-moss"[-len(found[0]) :]),
    (re.compile(r" \d{1,2}[sm] +"), lambda found: " 2s".ljust(len(found[0]))),
    (re.compile(r"20\d\d-\d\d-\d\d"), lambda _: "2026-11-02"),
)


def plain(text: str, folder: str) -> str:
    """The text of a picture without what differs from run to run: `folder` is a name of eleven letters."""
    text = text.replace(folder, "kettle-moss")
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return text


@dataclass(frozen=True, slots=True)
class Company:
    """The sample company in a daemon: what asks it, and the name of its folder."""

    client: Client
    folder: str


@contextmanager
def company() -> Iterator[Company]:
    """A daemon that has read the sample company; its path is always of the same length."""
    others = set(threading.enumerate())
    with tempfile.TemporaryDirectory(prefix="tmp", dir="/tmp") as name:
        folder = Path(name)
        origin = RepoBuilder(folder / "house.git")
        paths = (path for path in SAMPLE.rglob("*") if path.is_file())
        origin.commit({path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in paths})
        with Daemon(folder / "daemon", CONFIG.format(url=origin.url)) as daemon:
            daemon.sync()
            client = Client(find_address(str(daemon.state)))
            yield Company(client, folder.name)
        for thread in set(threading.enumerate()) - others:  # they end with the daemon; what they held is closed then
            if thread.name == "link":
                thread.join(10)
        client.close()


async def draw(scene: Scene, company: Company) -> tuple[str, str]:
    """The picture of a scene: its text, and SVG."""
    with patch.dict(os.environ, {"NO_COLOR": "1"} if scene.no_color else {}):
        app = CatalogApp(open_desk(Remote(company.client), scene.symbols, scene.query))
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
        text, svg = stage.text(), app.export_screenshot(title="catalog tui")
        svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)  # some programs drop spaces at the begin of a text
        return plain(text, company.folder), plain(svg, company.folder)


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    with company() as sample:
        for scene in SCENES:
            if wanted and scene.name not in wanted:
                continue
            text, svg = asyncio.run(draw(scene, sample))
            (FOLDER / f"{scene.name}.txt").write_text(text + "\n")
            (FOLDER / f"{scene.name}.svg").write_text(svg)
            print(f"{scene.name}\n{text}\n", flush=True)


if __name__ == "__main__":
    main()
