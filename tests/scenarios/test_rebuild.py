"""What a sequence of pushes leaves in the index is what a rebuild finds: the derived data depends on no order (R37)."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.errors import ConflictError
from tests.support.bench import BROKEN, FILE, Bench, location
from tests.support.repository import RepoBuilder

NAMES = ("a", "b", "c", "d")
REPOSITORIES = ("one", "two")
PATHS = (FILE, "x.yaml", "y.yaml", "more/1.yaml", "more/2.yaml", "x/deep/z.yaml", "s/catalog-info.yml")


class Story:
    """Two repositories that point at each other, and what happens to them; the same for the same seed."""

    def __init__(self, bench: Bench, configuration: str, seed: int) -> None:
        self.bench = bench
        self.configuration = configuration
        self.rng = random.Random(seed)
        self.told: list[str] = []
        for name in REPOSITORIES:
            self.repository(name).commit({FILE: self.location(), "x.yaml": self.text(), "note.txt": "first"})

    def begin(self) -> None:
        """Register: each repository, and some files of the first one once more."""
        self.bench.register_git("one")
        self.bench.register_git("two", priority=self.rng.choice([0, 5]))
        self.bench.register_git("one", paths=["more/*.yaml"])

    def go_on(self) -> None:
        """One thing happens, and is synced."""
        happenings: list[tuple[Callable[[], None], int]] = [
            (self.push, 60),
            (self.force, 8),
            (self.rename_default, 6),
            (self.lose_sight, 5),
            (self.restart, 5),
            (self.reconfigure, 4),
            (self.remove_or_add, 4),
            (self.delete, 8),
        ]
        (happening,) = self.rng.choices(*zip(*happenings, strict=True))
        self.told.append(happening.__name__)
        happening()
        self.bench.catalog.sync()

    def settle(self) -> None:
        """Give every repository its first name for the default branch back: what is missing is no derived data."""
        for name in REPOSITORIES:
            if self.branch(name) != "main":
                self.repository(name).rename_default("trunk", "main")
        self.bench.catalog.sync()

    # What happens

    def push(self) -> None:
        """Some files change, come or go."""
        name = self.rng.choice(REPOSITORIES)
        there = self.repository(name).git("ls-tree", "-r", "--name-only", self.branch(name)).split()
        changes: dict[str, str | None] = {
            path: self.text() if path not in there or self.rng.random() < 0.75 else None
            for path in self.rng.sample(PATHS, self.rng.randrange(1, 3))
        }
        if self.rng.random() < 0.2:
            changes["note.txt"] = None if "note.txt" in there else f"note {self.rng.randrange(100)}"
        self.repository(name).commit(changes, branch=self.branch(name))

    def force(self) -> None:
        """History is replaced."""
        name = self.rng.choice(REPOSITORIES)
        files = {path: self.text() for path in self.rng.sample(PATHS, 3)}
        self.repository(name).force({**files, "note.txt": "after the flood"}, branch=self.branch(name))

    def rename_default(self) -> None:
        """The default branch has another name."""
        name = self.rng.choice(REPOSITORIES)
        old = self.branch(name)
        self.repository(name).rename_default(old, "trunk" if old == "main" else "main")

    def lose_sight(self) -> None:
        """A repository cannot be reached while the other changes."""
        path = self.repository(self.rng.choice(REPOSITORIES)).path
        path.rename(path.with_name("away"))
        self.bench.catalog.sync()
        path.with_name("away").rename(path)
        self.push()

    def restart(self) -> None:
        """The daemon forgets what it remembers beside its files."""
        self.bench.catalog.restart()

    def reconfigure(self) -> None:
        """One repository is configured, with another priority each time, or not at all any more."""
        target = self.repository("two").url
        table = f'[[locations]]\ntype = "git"\ntarget = "{target}"\npriority = {self.rng.randrange(-2, 9)}\n'
        self.bench.reconfigure(self.configuration + self.rng.choice([table, ""]))

    def remove_or_add(self) -> None:
        """A location goes, or comes (again)."""
        removable = [location for location in self.bench.catalog.service.locations() if not location.configured]
        if len(removable) > 1 and self.rng.random() < 0.5:
            self.bench.remove(self.rng.choice(removable))
            return
        paths = self.rng.choice([(), ("x.yaml",), ("**/*.yaml",)])
        try:
            self.bench.register_git(self.rng.choice(REPOSITORIES), paths=paths, priority=self.rng.randrange(3))
        except ConflictError:
            self.told.append("(is there already)")

    def delete(self) -> None:
        """Somebody deletes an entity: an orphan goes for good, another comes back."""
        refs = self.bench.refs()
        orphans = [ref for ref in refs if self.bench.annotation(ref, "orphan")]
        if refs:
            uid = self.bench.entity(self.rng.choice(orphans or refs))["metadata"]["uid"]
            self.bench.catalog.service.deletion.entity(uid, actor="test")

    # What is written

    def repository(self, name: str) -> RepoBuilder:
        """One of the two."""
        return self.bench.repository(name)

    def branch(self, name: str) -> str:
        """The default branch of a repository."""
        return self.repository(name).git("symbolic-ref", "--short", "HEAD").strip()

    def text(self) -> str:
        """A file: good, broken and other documents."""
        odd = ["apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: b}\nspec: {}\n", BROKEN, ""]
        template = "kind: Component\nmetadata: {name: '${{ values.name }}'}\n"
        return "---\n".join(
            self.rng.choice([self.component, self.component, self.component, self.location])()
            if self.rng.random() < 0.8
            else self.rng.choice([*odd, template])
            for _ in range(self.rng.randrange(1, 4))
        )

    def component(self) -> str:
        """One of a few Components, differently each time."""
        rng = self.rng
        name = rng.choice(NAMES)
        extra = rng.choice(
            ["", f"  dependsOn: [component:{rng.choice(NAMES)}]\n", f"  subcomponentOf: {rng.choice(NAMES)}\n"]
        )
        title = rng.choice(
            ["", f"  title: T{rng.randrange(9)}\n", "  labels: {Foo: a, foo: b}\n"][: rng.choice([2, 3])]
        )
        definition = "  note: {$text: /note.txt}\n" if rng.random() < 0.2 else ""
        return (
            f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n{title}"
            f"spec:\n  type: service\n  lifecycle: production\n  owner: {rng.choice(['team-a', 'user:mira'])}\n"
            f"{extra}{definition}"
        )

    def location(self) -> str:
        """A Location entity; some of its targets are missing, wrong, elsewhere, or lead back."""
        bench, rng = self.bench, self.rng
        near = ["./x.yaml", "/y.yaml", "/more/*.yaml", "./missing.yaml", "/x/**/*.yaml", "./[bad.yaml", "../../up.yaml"]
        far = [bench.url(rng.choice(PATHS), name, ref) for name in REPOSITORIES for ref in ("main", "HEAD")]
        targets = rng.sample(near, 2) + rng.sample([*far, bench.url("*.yaml", rng.choice(REPOSITORIES))], 1)
        return location(rng.choice(["all", "some"]), *targets, presence=rng.choice(["optional", "required"])) + "\n"


def tell(folder: Path, seed: int, strategy: str, steps: int) -> None:
    """A story of so many steps, compared with a rebuild now and then."""
    configuration = f'[catalog]\norphan_strategy = "{strategy}"\n'
    with Bench(folder, configuration) as bench:
        story = Story(bench, configuration, seed)
        story.begin()
        for step in range(1, steps + 1):
            story.go_on()
            if step % 12 == 0:
                story.settle()
                logged = bench.catalog.service.standing.status().index_seq
                bench.assert_rebuild_equal(f"seed {seed}: {' '.join(story.told)}")
                assert bench.catalog.service.standing.status().index_seq == logged


@pytest.mark.parametrize("strategy", ["delete", "keep"])
@pytest.mark.parametrize("seed", range(3))
def test_r037_pushes_one_by_one_equal_a_rebuild(tmp_path: Path, seed: int, strategy: str) -> None:
    tell(tmp_path, seed, strategy, 12)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["delete", "keep"])
@pytest.mark.parametrize("seed", range(100, 140))
def test_r037_long_stories_equal_a_rebuild(tmp_path: Path, seed: int, strategy: str) -> None:
    tell(tmp_path, seed, strategy, 48)
