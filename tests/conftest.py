"""What all tests share: the names of everything that was collected, before any of it was left out."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes tells of the machine: no test is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

COLLECTED = pytest.StashKey[frozenset[str]]()
"""Node ids of all tests, the slow ones too."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what was found, where it is all there is."""
    files = {path.resolve() for path in Path(__file__).parent.rglob("test_*.py")}
    if files <= {item.path for item in items}:
        config.stash[COLLECTED] = frozenset(item.nodeid for item in items)
