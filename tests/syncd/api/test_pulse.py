"""A stuck event loop is noticed, also by a probe that comes after it (R91)."""

import asyncio
import time

from syncd.api.pulse import BEAT_SECONDS, LATE_SECONDS, Pulse


def test_r091_a_loop_that_reacts_is_not_stuck() -> None:
    async def scenario() -> bool:
        pulse = Pulse()
        pulse.start()
        await asyncio.sleep(BEAT_SECONDS * 2)
        stuck = pulse.stuck
        pulse.stop()
        return stuck

    assert not asyncio.run(scenario())


def test_r091_a_loop_that_was_blocked_is_stuck_for_a_while() -> None:
    async def scenario() -> list[bool]:
        pulse = Pulse()
        pulse.start()
        time.sleep(BEAT_SECONDS + LATE_SECONDS + 0.1)
        seen = [pulse.stuck]
        await asyncio.sleep(BEAT_SECONDS)
        seen.append(pulse.stuck)
        pulse.stop()
        return seen

    assert asyncio.run(scenario()) == [True, True]
