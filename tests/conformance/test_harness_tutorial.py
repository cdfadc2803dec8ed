"""The calls of Harness's ingestion tutorial, run as its text has them but for host and credentials (H1, H3)."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.support.harness import Ingestion

TUTORIAL = (Path(__file__).parents[1] / "data" / "harness" / "tutorial.txt").read_text("utf-8")
CURL = re.search(r"```cURL\n(.*?)```", TUTORIAL, re.DOTALL)
PIPELINE = re.search(r"command: \|-\n(.*?)\n        tags: \{\}", TUTORIAL, re.DOTALL)


@pytest.fixture(scope="module")
def ingestion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingestion]:
    """The tutorial's `warehouse`, registered."""
    ingestion = Ingestion.begin(tmp_path_factory.mktemp("tutorial"))
    yield ingestion
    ingestion.daemon.stop()


@pytest.fixture(scope="module")
def products() -> Iterator[str]:
    """What the tutorial's script asks a public host for; here on this machine."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps({"products": [{"stock": 40}, {"stock": 60}]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/products"
    server.shutdown()
    thread.join()
    server.server_close()


def run(command: list[str]) -> str:
    """What a program prints that must succeed, without a proxy."""
    environ = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_h001_the_curl_of_the_tutorial(ingestion: Ingestion) -> None:
    assert CURL is not None
    text = CURL[1].replace("https://app.harness.io", ingestion.daemon.url).replace("X-API-KEY", ingestion.key)
    assert json.loads(run(["sh", "-c", text]))["status"] == "SUCCESS"
    assert ingestion.entity()["metadata"]["codeCoverageScore"] == 33


def test_h003_the_script_of_the_tutorial(ingestion: Ingestion, products: str) -> None:
    assert PIPELINE is not None
    text = dedent(PIPELINE[1]).replace("https://app.harness.io", ingestion.daemon.url)
    text = text.replace("<+pipeline.variables.apikey>", ingestion.key).replace("<+account.identifier>", "account")
    printed = run([sys.executable, "-c", text.replace("https://dummyjson.com/products", products)])
    assert "Code coverage score updated successfully!" in printed
    assert "SUCCESS" in printed
    found = ingestion.entity()["metadata"]["codeCoverageScore"]
    assert f"{found:.2f}" in printed
