"""Blocking calls in threads, with a bound on how many run and wait (R80)."""

import asyncio
import threading

import pytest

from syncd.api.pool import Pool
from syncd.errors import UnavailableError


def test_r080_a_full_queue_refuses_at_once_and_recovers() -> None:
    async def scenario() -> None:
        pool, gate = Pool("test", threads=1, queue=1), threading.Event()
        running = [asyncio.create_task(pool.run(gate.wait, 10)) for _ in range(2)]
        await asyncio.sleep(0)
        assert pool.depth == 2
        with pytest.raises(UnavailableError):
            await pool.run(lambda: None)
        assert pool.refused == 1
        gate.set()
        assert await asyncio.gather(*running) == [True, True]
        assert await pool.run(lambda number: number + 1, 1) == 2
        pool.close()

    asyncio.run(scenario())


def test_r080_a_call_counts_until_its_thread_is_done() -> None:
    async def scenario() -> None:
        pool, gate = Pool("test", threads=1, queue=0), threading.Event()
        task = asyncio.create_task(pool.run(gate.wait, 10))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(UnavailableError):
            await pool.run(lambda: None)
        gate.set()
        pool.close()

    asyncio.run(scenario())


def test_errors_come_through() -> None:
    def fail() -> None:
        raise ValueError("no")

    pool = Pool("test", threads=1, queue=0)
    with pytest.raises(ValueError, match="no"):
        asyncio.run(pool.run(fail))
    pool.close()
