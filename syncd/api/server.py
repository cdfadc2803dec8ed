"""Serving the API: TCP and Unix socket in one event loop, until told to stop (R87)."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from syncd.api.app import App
from syncd.api.connection import Connection, Connections
from syncd.api.sockets import Sockets
from syncd.config import DaemonSettings, Settings
from syncd.errors import ConfigError

KEEP_ALIVE_SECONDS = 30


class Server:
    """One life of the HTTP side. `run` blocks until `stop`, which any thread or signal handler may call."""

    def __init__(self, app: App, settings: Settings, sockets: Sockets) -> None:
        """Raises ConfigError for a certificate that cannot be used."""
        self._sockets = sockets
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False
        _check_certificate(settings.daemon)
        config = uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(1, round(settings.limits.stop_time.total_seconds() / 2)),
            ssl_certfile=settings.daemon.tls_certificate,
            ssl_keyfile=settings.daemon.tls_key,
        )
        self._server = _Uvicorn(config, sockets, Connections(settings.limits))

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Serve; `on_ready` is called in the event loop once connections are answered."""
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve(on_ready))

    def stop(self) -> None:
        """End in order; a second call ends at once."""
        loop = self._loop
        if self._stopped:
            self._server.force_exit = True
        self._stopped = True
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._stop)

    async def _serve(self, on_ready: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._app.start()
        self._server.on_ready = on_ready
        if self._stopped:
            self._stop()
        try:
            await self._server.serve()
        finally:
            self._app.stop()
            self._app.close()
            self._sockets.close()

    def _stop(self) -> None:
        self._app.stop()
        self._server.end()


class _Uvicorn(uvicorn.Server):
    """Uvicorn on sockets that are open already, with our connections, and without signal handlers of its own."""

    def __init__(self, config: uvicorn.Config, sockets: Sockets, connections: Connections) -> None:
        super().__init__(config)
        self._sockets = sockets
        self._connections = connections
        self._ending = asyncio.Event()
        self.on_ready: Callable[[], None] = lambda: None

    def end(self) -> None:
        """Begin the orderly end; call in the event loop."""
        self.should_exit = True
        self._ending.set()

    async def startup(self, sockets: object = None) -> None:  # noqa: ARG002 - uvicorn's signature
        loop = asyncio.get_running_loop()

        def connection() -> Connection:
            return Connection(self.config, self.server_state, self._connections, loop)

        await self.on_tick(0)  # sets the first Date header
        unix = await loop.create_unix_server(connection, sock=self._sockets.unix)
        tcp = [
            await loop.create_server(connection, sock=listening, ssl=self.config.ssl) for listening in self._sockets.tcp
        ]
        self.servers = [unix, *tcp]
        self.started = True
        self.on_ready()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            try:
                async with asyncio.timeout(1.0):  # the Date header changes once a second
                    await self._ending.wait()
            except TimeoutError:
                continue

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _check_certificate(settings: DaemonSettings) -> None:
    """Raise ConfigError where the certificate or its key cannot be used."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f'[daemon] tls_certificate = "{settings.tls_certificate}", tls_key = "{settings.tls_key}": {reason}',
            hint="both are PEM files; the key belongs to the first certificate",
        ) from error
