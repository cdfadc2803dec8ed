"""A remote with one commit to come, and mirrors to fetch it into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.git import Mirror, Mirrors
from tests.support.mirrors import opened_mirrors
from tests.support.repository import RepoBuilder


@pytest.fixture
def origin(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder(tmp_path / "origin.git")


@pytest.fixture
def mirrors(tmp_path: Path) -> Iterator[Mirrors]:
    with opened_mirrors(tmp_path / "mirrors") as mirrors:
        yield mirrors


@pytest.fixture
def mirror(mirrors: Mirrors, origin: RepoBuilder) -> Mirror:
    return mirrors.open(origin.url)
