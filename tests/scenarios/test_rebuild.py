"""What a sequence of pushes leaves in the index is what a rebuild finds: the derived data depends on no order (R37)."""

import random
from pathlib import Path

import pytest

from tests.support.catalog import CatalogHarness
from tests.support.contents import contents
from tests.support.repository import RepoBuilder

STEPS = 12
NAMES = ("a", "b", "c", "d")
BROKEN = "kind: [unclosed\n"


def component(rng: random.Random) -> str:
    name = rng.choice(NAMES)
    owner = rng.choice(["team-a", "team-b", "user:mira"])
    extra = rng.choice(
        ["", f"  dependsOn: [component:{rng.choice(NAMES)}]\n", f"  subcomponentOf: {rng.choice(NAMES)}\n"]
    )
    title = rng.choice(["", f"  title: T{rng.randrange(9)}\n"])
    definition = "  note: {$text: ./note.txt}\n" if rng.random() < 0.2 else ""
    return (
        f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n{title}"
        f"spec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n{extra}{definition}"
    )


def location(rng: random.Random) -> str:
    targets = rng.sample(["./x.yaml", "./y.yaml", "./more/*.yaml", "./missing.yaml", "./x/**/*.yaml"], 2)
    return (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
        f"spec: {{targets: [{', '.join(targets)}], presence: {rng.choice(['optional', 'required'])}}}\n"
    )


def text(rng: random.Random) -> str:
    documents = [
        rng.choice([component, component, component, location])(rng)
        if rng.random() < 0.8
        else rng.choice(
            [BROKEN, "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: b}\nspec: {}\n", ""]
        )
        for _ in range(rng.randrange(1, 4))
    ]
    return "---\n".join(documents)


def push(rng: random.Random, repository: RepoBuilder) -> None:
    paths = [
        "catalog-info.yaml",
        "x.yaml",
        "y.yaml",
        "more/1.yaml",
        "more/2.yaml",
        "x/deep/z.yaml",
        "s/catalog-info.yml",
    ]
    changes: dict[str, str | None] = {
        path: text(rng) if rng.random() < 0.75 else None for path in rng.sample(paths, rng.randrange(1, 3))
    }
    for path in list(changes):
        if changes[path] is None and not repository.git("ls-tree", "main", "--", path):
            changes[path] = text(rng)
    if rng.random() < 0.2:
        changes["note.txt"] = f"note {rng.randrange(100)}"
    repository.commit(changes)


@pytest.mark.parametrize("strategy", ["delete", "keep"])
@pytest.mark.parametrize("seed", range(6))
def test_r037_pushes_one_by_one_equal_a_rebuild(tmp_path: Path, seed: int, strategy: str) -> None:
    rng = random.Random(seed)  # noqa: S311
    repositories = [RepoBuilder(tmp_path / f"r{number}.git") for number in range(2)]
    for repository in repositories:
        repository.commit({"catalog-info.yaml": location(rng), "x.yaml": text(rng), "note.txt": "first"})
    configuration = f'[catalog]\norphan_strategy = "{strategy}"\n'
    with CatalogHarness(tmp_path / "state", configuration) as catalog:
        catalog.add(repositories[0].url)
        second = catalog.add(repositories[1].url, priority=rng.choice([0, 5]))
        catalog.add(repositories[0].url, paths=["more/*.yaml"])
        for step in range(STEPS):
            push(rng, rng.choice(repositories))
            catalog.sync()
            if step == STEPS // 2 and rng.random() < 0.5:
                catalog.service.remove_location(second.id, actor="test")
            if rng.random() < 0.15:
                catalog.restart()
        logged = catalog.service.status().index_seq
        before = contents(catalog.daemon)
        catalog.rebuild()
        after = contents(catalog.daemon)
        for table, rows in before.items():
            assert rows == after[table], f"{table} differs for seed {seed}"
        assert catalog.service.status().index_seq == logged
