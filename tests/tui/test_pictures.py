"""The pictures of the documentation show what the interface shows; `make pictures` draws them anew."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.pictures import FOLDER, SCENES, Company, Scene, company, draw


@pytest.fixture(scope="module")
def sample() -> Iterator[Company]:
    with company() as sample:
        yield sample


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_picture_is_what_the_interface_shows(scene: Scene, sample: Company) -> None:
    wanted = (FOLDER / f"{scene.name}.txt").read_text().splitlines()
    drawn: list[str] = []
    for _ in range(3):  # on a busy machine something that is delayed on purpose may come later than the picture
        drawn = asyncio.run(draw(scene, sample))[0].splitlines()
        if drawn == wanted:
            return
    assert drawn == wanted


def test_nothing_is_wider_or_higher_than_its_terminal() -> None:
    for scene in SCENES:
        lines = (FOLDER / f"{scene.name}.txt").read_text().splitlines()
        assert len(lines) <= scene.size[1]
        assert max(map(len, lines)) <= scene.size[0]


def test_every_picture_is_shown_somewhere() -> None:
    documents = [Path("README.md"), *Path("docs").glob("*.md")]
    text = "".join((FOLDER.parents[1] / document).read_text() for document in documents)
    names = {os.fsdecode(path.name) for path in FOLDER.glob("*.svg")}
    assert names == {f"{scene.name}.svg" for scene in SCENES}
    assert [name for name in sorted(names) if f"pictures/{name}" not in text] == []
