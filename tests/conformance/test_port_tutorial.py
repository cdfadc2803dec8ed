"""The calls of Port's API tutorial, run as its text has them (P9, Port 17.5).

Host and credentials are put in. The JavaScript has two slips, for which no engine runs it: `await` outside of a
function, and one constant declared twice; these are mended, and nothing else.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "tests" / "data" / "port" / "tutorial.txt").read_text("utf-8")
BLUEPRINT = ROOT / "sample-repo" / "blueprints" / "catalog-info.yaml"
BLOCK = re.compile(r"```(\w+) showLineNumbers\n(.*?)```", re.DOTALL)
AXIOS = ROOT / "tests" / "data" / "port" / "axios.js"
CREATE = "MY_STRING_PROP"
READ = "MY_ENTITY_IDENTIFIER"


def block(language: str, kind: str) -> str:
    """The code of the tutorial in a language that creates or reads the entity."""
    found = [code for name, code in BLOCK.findall(TUTORIAL) if name == language and READ in code]
    (text,) = [code for code in found if (CREATE in code) == (kind == "create")]
    return str(text)


@dataclass(frozen=True, slots=True)
class Instance:
    """A daemon that knows the blueprint, and credentials for it."""

    daemon: Daemon
    client_id: str
    client_secret: str

    def put_in(self, text: str) -> str:
        """The text with this host and these credentials."""
        text = text.replace("https://api.getport.io", self.daemon.url)
        for kind, value in (("ID", self.client_id), ("SECRET", self.client_secret)):
            text = re.sub(rf"""(["'])(?:YOUR_)?CLIENT_{kind}\1""", rf"\g<1>{re.escape(value)}\g<1>", text)
        return text

    def run(self, command: list[str], folder: Path) -> str:
        """What a program prints that must succeed."""
        environ = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def entities(self, method: str = "GET") -> Any:
        """What the blueprint holds, asked or emptied by another client."""
        token = self.daemon.token("read", "entities:write")
        path = "entities" if method == "GET" else "all-entities"
        with self.daemon.stranger(token) as client:
            answer = client.request(method, f"/v1/blueprints/MY_BLUEPRINT/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json().get("entities")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    folder = tmp_path_factory.mktemp("tutorial")
    work = folder / "work"
    work.mkdir()
    shutil.copy(BLUEPRINT, work)
    git = ["git", "-C", str(work), "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "A blueprint"]):
        subprocess.run([*git, *arguments], check=True)
    with Daemon(folder / "daemon", '[git]\nprotocols = ["file"]\n') as daemon:
        daemon.register(work.as_uri(), type="git")
        made = daemon.owner.post("/api/own/clients", json={"name": "tutorial", "scopes": ["read", "entities:write"]})
        assert made.status_code == 201, made.text
        yield Instance(daemon, made.json()["client_id"], made.json()["client_secret"])


@pytest.fixture
def instance(shared: Instance) -> Instance:
    shared.entities("DELETE")
    return shared


def run_python(instance: Instance, kind: str, folder: Path) -> tuple[int, Any]:
    told = "\nimport json\nprint(json.dumps([response.status_code, response.json()]))\n"
    (folder / "call.py").write_text(instance.put_in(block("python", kind)) + told)
    status, answer = json.loads(instance.run([sys.executable, "call.py"], folder))
    return status, answer


def run_javascript(instance: Instance, kind: str, folder: Path) -> tuple[int, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is missing: the tutorial's JavaScript was not run")
    text = instance.put_in(block("javascript", kind))
    text = text.replace(
        "const response = await axios.post(`${API_URL}/auth", "const first = await axios.post(`${API_URL}/auth"
    )
    text = text.replace("response.data.accessToken", "first.data.accessToken")
    told = "\nconsole.log(JSON.stringify([response.status, response.data]));\n"
    (folder / "call.js").write_text(f"(async () => {{\n{text}{told}}})();\n")
    module = folder / "node_modules" / "axios"
    module.mkdir(parents=True)
    shutil.copy(AXIOS, module / "index.js")
    status, answer = json.loads(instance.run([node, "call.js"], folder))
    return status, answer


def run_curl(instance: Instance, kind: str, folder: Path) -> tuple[int, Any]:
    if missing := [name for name in ("bash", "curl", "jq") if shutil.which(name) is None]:
        pytest.skip(f"{missing[0]} is missing: the tutorial's shell was not run")
    text = instance.put_in(block("bash", kind)).rstrip()
    lines = text.splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("curl "))
    lines[last] = lines[last].replace("curl ", 'curl --write-out "\\n%{http_code}" ', 1)  # prints the status as well
    (folder / "call.sh").write_text("\n".join(lines) + "\n")
    answer, _, status = instance.run(["bash", "call.sh"], folder).rpartition("\n")
    return int(status), json.loads(answer)


CALLS = {"python": run_python, "javascript": run_javascript, "curl": run_curl}


@pytest.mark.parametrize("language", CALLS, ids=lambda language: f"p009-{language}")
def test_p009_the_tutorial_creates_and_reads(instance: Instance, language: str, tmp_path: Path) -> None:
    (tmp_path / "create").mkdir()
    (tmp_path / "read").mkdir()
    status, answer = CALLS[language](instance, "create", tmp_path / "create")
    assert (status, answer["ok"]) == (201, True)
    assert answer["entity"]["identifier"] == "MY_ENTITY_IDENTIFIER"
    assert answer["entity"]["properties"] == {"MY_STRING_PROP": "MY VALUE", "MY_BOOLEAN_PROP": False}
    assert answer["entity"]["title"] in ("MY TITLE", "MY ENTITY TITLE")
    assert instance.entities() == [answer["entity"]]
    status, again = CALLS[language](instance, "read", tmp_path / "read")
    assert (status, again) == (200, answer)
    assert again["entity"]["properties"]["MY_BOOLEAN_PROP"] is False


def test_p009_the_shell_puts_marked_lines_into_its_json(instance: Instance) -> None:
    text = instance.put_in(block("bash", "create"))
    assert "# highlight-start" in text.partition("--data-raw")[2]
    assert "relations" not in text


@pytest.mark.parametrize("language", ["python", "curl"])
def test_p011_the_tutorial_a_second_time_is_a_conflict(instance: Instance, language: str, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    assert CALLS[language](instance, "create", folders[0])[0] == 201
    status, answer = CALLS[language](instance, "create", folders[1])
    assert (status, answer["ok"], answer["error"]) == (409, False, "identifier_taken")
    assert "MY_ENTITY_IDENTIFIER" in answer["message"]
    assert "upsert=true" in answer["message"]
