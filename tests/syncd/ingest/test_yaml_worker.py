"""The parser process."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from syncd.errors import UnavailableError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_documents
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.problem import Problem
from tests.syncd.ingest.waiting import until

FILES = [
    (
        "a/catalog-info.yaml",
        "apiVersion: v1\nkind: Component\nmetadata: {name: caf\u00e9}\nn: [1, 1.5, ~, 1e30, true]\n".encode(),
    ),
    ("broken.yaml", b"a: 1\n---\nb: [\n---\nc: 1\n---\n"),
    ("skeleton.yaml", b"kind: ${{ x }}"),
    ("empty.yaml", b""),
    ("large.yaml", b"a" * 5_000_000),
]


def running(pid: int) -> bool:
    """Is the process there, and more than a zombie?"""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def pid_of(worker: YamlWorker) -> int:
    worker.read([("warm.yaml", b"a: 1")])
    assert worker.pid is not None
    return worker.pid


def test_same_answers_as_in_process() -> None:
    with YamlWorker() as worker:
        assert worker.read(FILES) == [read_documents(content, path, ParseLimits()) for path, content in FILES]
        assert worker.read([]) == []
        assert worker.counters.starts == 1


def test_many_files_are_read_in_order() -> None:
    with YamlWorker() as worker:
        found = worker.read([(f"{n}.yaml", b"n: %d" % n) for n in range(1_000)])
        assert [documents[0].data for documents in found] == [{"n": n} for n in range(1_000)]


def test_answers_larger_than_a_pipe() -> None:
    with YamlWorker() as worker:
        content = b"a: [" + b'"' + b"x" * 200_000 + b'", ' + b"]\n"
        found = worker.read([(f"{n}.yaml", content) for n in range(30)])
        assert all(documents[0].data == {"a": ["x" * 200_000]} for documents in found)


def test_several_threads() -> None:
    with YamlWorker() as worker, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(worker.read, [(f"{n}-{m}", b"n: %d" % n) for m in range(20)]) for n in range(40)]
        for n, job in enumerate(jobs):
            assert {documents[0].data["n"] for documents in job.result() if documents[0].data} == {n}
        assert worker.counters.starts == 1


def test_values() -> None:
    with YamlWorker() as worker:
        assert worker.values(b"- a\n- b: 1.0\n") == ["a", {"b": 1}]
        assert worker.values(b'{"a": null}', "json") == {"a": None}
        refused = worker.values(b"[NaN]", "json", "data.json")
        assert isinstance(refused, Problem)
        assert (refused.code, refused.path) == ("parse.not_a_number", "data.json")


def test_lines() -> None:
    with YamlWorker() as worker:
        assert worker.lines_of(b"a:\n- b\n- c\n", 0, [("a", 1), ("x",)]) == [3, 1]


def test_close_leaves_no_process_behind() -> None:
    worker = YamlWorker()
    pid = pid_of(worker)
    worker.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    assert not running(pid)
    with pytest.raises(UnavailableError):
        worker.read([("a.yaml", b"a: 1")])
    worker.close()


def test_dead_process_is_replaced_and_reaped() -> None:
    with YamlWorker() as worker:
        pid = pid_of(worker)
        os.kill(pid, signal.SIGKILL)
        assert worker.read([("a.yaml", b"a: 1")])[0][0].data == {"a": 1}
        assert worker.pid != pid
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def test_interrupt_from_the_terminal_is_left_to_the_daemon() -> None:
    with YamlWorker() as worker:
        pid = pid_of(worker)
        os.kill(pid, signal.SIGINT)
        assert pid_of(worker) == pid


def test_it_ends_when_the_daemon_is_killed() -> None:
    program = (
        "import sys; from syncd.ingest.yaml_worker import YamlWorker; worker = YamlWorker();"
        "worker.read([('a', b'a: 1')]); print(worker.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        pid = int(daemon.stdout.readline())
        assert running(pid)
        daemon.kill()
    until(lambda: not running(pid))


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/python"])
def test_process_that_cannot_start(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with YamlWorker() as worker, pytest.raises(UnavailableError):
        worker.read([("a.yaml", b"a: 1")])


def test_it_stays_small() -> None:
    with YamlWorker() as worker:
        worker.read([(f"{n}.yaml", FILES[0][1]) for n in range(2_000)])
        status = Path(f"/proc/{worker.pid}/status").read_text()
        resident = int(status.split("VmRSS:")[1].split()[0])
        assert resident < 32 * 1024, "KiB"


def test_no_core_dump_and_no_environment() -> None:
    with YamlWorker() as worker:
        pid = pid_of(worker)
        limits = Path(f"/proc/{pid}/limits").read_text()
        core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert core.split()[4:6] == ["0", "0"]
        names = {entry.partition(b"=")[0] for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if entry}
        assert names == {b"PYTHONPATH", b"PYTHONDONTWRITEBYTECODE", b"LC_ALL"}


def test_it_imports_little() -> None:
    heavy = ["pydantic", "git", "duckdb", "orjson", "subprocess", "threading", "asyncio", "logging", "starlette"]
    program = f"import sys, syncd.ingest.worker; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", program], env=_paths(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _paths() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
