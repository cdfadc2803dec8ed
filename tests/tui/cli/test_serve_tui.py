"""`catalog serve-tui`: the interface in a browser, over a real server and a real websocket on loopback."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.tui.cli.program import COMMAND, PATIENCE, ROOT, catalog, environment

_SEQUENCE = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[\[(][0-9;?<>=]*[A-Za-z]|\x1b[=>P]")


class Served:
    """A running `catalog serve-tui`."""

    def __init__(self, state: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve-tui", "--port", "0", *arguments],
            env=environment(state),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.stop()

    @property
    def programs(self) -> list[int]:
        """The programs that it has begun and that have not ended."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in children.read_text().split()]

    def stop(self) -> str:
        """End it as ^C does; what it said on stderr."""
        self.process.send_signal(signal.SIGINT)
        error = self.process.communicate(timeout=PATIENCE)[1]
        assert self.process.returncode == 0, error
        return error


@pytest.fixture
def served(state: Path) -> Iterator[Served]:
    served = Served(state, "kind:component")
    with served.process:  # its pipes are closed, however it ends
        yield served
        if served.process.poll() is None:
            served.process.kill()


class Page:
    """What a browser's page does: it draws bytes and sends keys."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.text = ""

    async def see(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while text not in self.text:
                message = await self._socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, (message, self.text[-2000:])
                self.text += _SEQUENCE.sub("", message.data.decode("utf-8", "replace"))

    async def press(self, keys: str) -> None:
        self.text = ""
        await self._socket.send_str(json.dumps(["stdin", keys]))


def play(address: str, scene: Callable[[aiohttp.ClientSession, str], Any], **headers: str) -> None:
    """Run a scene with a client."""

    async def run() -> None:
        async with aiohttp.ClientSession(headers=headers) as session:
            await scene(session, address)

    asyncio.run(run())


def test_browser_version_shows_the_first_screen_and_writes_nothing(served: Served) -> None:
    async def scene(session: aiohttp.ClientSession, address: str) -> None:
        async with session.get(address) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
            html = await answer.text()
        assert re.findall(r"https?://[^\s\"']*", html) == []  # nothing is loaded from elsewhere
        found = re.search(r'data-session-websocket-url="(ws://[^"]+)"', html)
        assert found
        for path in re.findall(r'(?:src|href)="(/[^"]+)"', html):
            async with session.get(f"{address.partition('//')[0]}//{address.split('/')[2]}{path}") as answer:
                assert answer.status == 200, path
        async with session.ws_connect(f"{found[1]}?width=100&height=30") as socket:
            page = Page(socket)
            await page.see("payments")
            await page.see("read-only")
            await page.press("a")
            await page.see("add location is off: read-only")
            await page.press("\x13")
            await page.see("export is off: not from a browser")
            await page.press("\x10")
            await page.see("Commands and entities")
            await page.press("read-only\r")
            await page.see("read-only is off: not from a browser")
            assert len(served.programs) == 1
        async with asyncio.timeout(PATIENCE):
            while served.programs:
                await asyncio.sleep(0.05)

    play(served.address, scene)
    assert "read-only; keep the address to yourself; ^C ends it" in served.stop()


def test_browser_version_is_for_who_knows_the_address_and_for_no_other_site(served: Served) -> None:
    root = "/".join(served.address.split("/")[:3])
    key = served.address.split("/")[3]
    assert len(key) >= 20

    async def scene(session: aiohttp.ClientSession, address: str) -> None:
        another = key[:-1] + ("x" if key[-1] != "x" else "y")
        for url in (root, f"{root}/ws", f"{root}/{another}/", f"{root}/static/../templates/app_index.html"):
            async with session.get(url) as answer:
                assert answer.status == 404, url
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            async with session.get(address, headers=headers) as answer:
                assert answer.status == 403, headers
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{address}ws", headers=headers)
        async with session.ws_connect(f"{address}ws", headers={"Origin": root}) as socket:
            await Page(socket).see("catalog")
            served.process.send_signal(signal.SIGTERM)  # with a page open
            async with asyncio.timeout(PATIENCE):
                while (await socket.receive()).type is aiohttp.WSMsgType.BINARY:
                    pass
        assert served.process.wait(PATIENCE) == 0

    play(served.address, scene)


def test_browser_version_says_what_is_missing_and_refuses_what_others_can_reach(state: Path, tmp_path: Path) -> None:
    done = catalog(state, "serve-tui", "--host", "0.0.0.0")
    assert done.code == 6
    assert "no login and no encryption" in done.err
    assert "say --unprotected" in done.err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = catalog(state, "serve-tui", "--port", str(taken.getsockname()[1]))
    assert done.code == 4
    assert "choose another with --port" in done.err
    (tmp_path / "aiohttp_jinja2.py").write_text("raise ModuleNotFoundError(name='aiohttp_jinja2')")
    done = catalog(state, "serve-tui", PYTHONPATH=os.pathsep.join((str(tmp_path), str(ROOT))))
    assert done.code == 2
    assert "pip install 'git-catalog[browser]'" in done.err
    done = catalog(tmp_path / "nothing", "serve-tui", "--port", "0")
    assert done.code == 3
