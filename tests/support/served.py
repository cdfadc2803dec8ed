"""The HTTP side of a catalog in this process, with routes of a test's own beside the real ones."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from syncd.api.app import ROUTES, App
from syncd.api.router import Route
from syncd.api.server import Server
from syncd.api.sockets import open_sockets
from syncd.config import Listener
from tests.support.catalog import CatalogHarness

SECONDS = 30.0


class Served:
    """Where a catalog answers; `url` is its TCP address."""

    def __init__(self, catalog: CatalogHarness, url: str) -> None:
        self.catalog = catalog
        self.url = url

    def token(self, *scopes: str, name: str = "test") -> str:
        """The text of a new token."""
        return self.catalog.service.issuer.create(name, scopes, None, actor="test")[1]

    @contextmanager
    def client(self, **headers: str) -> Iterator[httpx.Client]:
        """A client over TCP; in names of headers `_` is `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        with httpx.Client(base_url=self.url, headers=sent, timeout=SECONDS) as client:
            yield client


@contextmanager
def served(folder: Path, configuration: str = "", routes: Sequence[Route] = ()) -> Iterator[Served]:
    """Serve an empty catalog while the context lasts."""
    with CatalogHarness(folder / "state", configuration) as catalog:
        sockets = open_sockets([Listener("127.0.0.1", 0)], folder / "socket")
        settings = catalog.settings.listening_on(sockets.addresses)
        server = Server(App(catalog.service, (*ROUTES, *routes)), settings, sockets)
        ready = threading.Event()
        thread = threading.Thread(target=server.run, args=(ready.set,), name="served")
        thread.start()
        try:
            assert ready.wait(SECONDS)
            yield Served(catalog, f"http://{sockets.addresses[0]}")
        finally:
            server.stop()
            thread.join()
