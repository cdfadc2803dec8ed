"""Requests as fast as a few clients can send them, from a process of their own: `python -m benchmarks.load`.

Reads JSON from stdin: host, port, clients, seconds, and requests as texts ready to send, which each client sends in
turn. Prints requests a second and the 50th and 99th percentile of their times in milliseconds.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.daemon import DaemonError
from benchmarks.figures import percentile


@dataclass(frozen=True, slots=True)
class Rate:
    """What clients got: answers a second of all together, and how long each waited (milliseconds)."""

    per_second: float
    p50: float
    p99: float


def get(path: str) -> str:
    """A GET, ready to send."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"


def post(path: str, body: object) -> str:
    """A POST of JSON, ready to send."""
    text = json.dumps(body)
    head = f"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(text)}"
    return f"POST {path} HTTP/1.1\r\n{head}\r\n\r\n{text}"


def under_load(host: str, port: int, requests: Sequence[str], clients: int, seconds: float) -> Rate:
    """Have a process send them; raises DaemonError where an answer is not 200."""
    task = {"host": host, "port": port, "clients": clients, "seconds": seconds, "requests": list(requests)}
    command = [sys.executable, "-m", "benchmarks.load"]
    ended = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False)
    if ended.returncode:
        raise DaemonError(f"{requests[0].splitlines()[0]}: {ended.stderr[-600:]}")
    return Rate(**json.loads(ended.stdout))


class _Client:
    """One kept-alive connection that does no more than it must."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def answer(self, request: bytes) -> None:
        """Send, and read the whole answer; raises RuntimeError where it is not 200."""
        self._socket.sendall(request)
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(data[:400].decode(errors="replace"))
        if b"content-length:" not in head:  # in chunks
            while not data.endswith(b"0\r\n\r\n"):
                data += self._more()
            return
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        left = end + 4 + length - len(data)
        while left > 0:
            left -= len(self._more())
        self._rest = b""

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise RuntimeError("the connection was closed")
        return data


def _send(client: _Client, requests: Sequence[bytes], first: int, until: float, times: list[float]) -> None:
    number = first
    while (start := time.perf_counter()) < until:
        client.answer(requests[number % len(requests)])
        times.append((time.perf_counter() - start) * 1000)
        number += 1


def _main() -> None:
    task = json.load(sys.stdin)
    requests = [text.encode() for text in task["requests"]]
    clients = [_Client(task["host"], task["port"]) for _ in range(task["clients"])]
    for client in clients:
        client.answer(requests[0])
    times: list[list[float]] = [[] for _ in clients]
    until = time.perf_counter() + task["seconds"]
    threads = [
        threading.Thread(target=_send, args=(client, requests, number * len(requests) // len(clients), until, mine))
        for number, (client, mine) in enumerate(zip(clients, times, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    all_times = [sample for mine in times for sample in mine]
    rate = len(all_times) / task["seconds"]
    print(json.dumps({"per_second": rate, "p50": percentile(all_times, 0.5), "p99": percentile(all_times, 0.99)}))


if __name__ == "__main__":
    _main()
