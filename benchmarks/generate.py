"""Repositories to measure with: the same entities, byte for byte, for the same size and seed.

The mix follows what real catalogs hold: mostly components, ten entities a repository in four files, one owner and one
system each, two or three relations, about 1.5 KB of JSON and 30 search rows an entity.
"""

import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

FILES_A_REPOSITORY = (
    "catalog-info.yaml",
    "api/catalog-info.yaml",
    "worker/catalog-info.yaml",
    "data/catalog-info.yaml",
)
MANY = 40
"""Entities in the first files of a repository."""
OTHER_FILES = ("README.md", "src/main.py", "src/settings.py", "tests/test_main.py", "docs/index.md", "Makefile")
KINDS = (("Component", 62), ("API", 14), ("Resource", 12), ("System", 5), ("Group", 4), ("User", 2), ("Domain", 1))
COMPONENT_TYPES = ("service", "website", "library", "pipeline")
LIFECYCLES = ("production", "production", "experimental", "deprecated")
LANGUAGES = ("go", "java", "python", "rust", "typescript", "kotlin")
FIRST = ("amber", "brisk", "cedar", "dusty", "early", "fleet", "grand", "hazel", "ivory", "jolly", "kelp", "lunar")
SECOND = ("anchor", "basket", "column", "delta", "engine", "ferry", "garden", "harbour", "island", "journal", "kiln")


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make: `entities` spread evenly over `repositories`."""

    entities: int
    repositories: int
    seed: int = 7


def repositories(root: Path, size: Size) -> list[Path]:
    """The bare repositories below `root`, made unless they are there; in a fixed order."""
    paths = [root / f"r{number:05}.git" for number in range(size.repositories)]
    done = root / f"complete-{size.entities}-{size.repositories}-{size.seed}"
    if not done.exists():
        root.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda item: _make(item[1], files_of(item[0], size)), enumerate(paths)))
        done.touch()
    return paths


def files_of(repository: int, size: Size) -> dict[str, str]:
    """Path and text of every file of one repository."""
    documents: dict[str, list[str]] = {path: [] for path in FILES_A_REPOSITORY}
    mine = range(repository, size.entities, size.repositories)
    for place, number in enumerate(mine):
        documents.setdefault(_file_of(place), []).append(document(number, size))
    texts = {path: "---\n".join(parts) for path, parts in documents.items() if parts}
    return texts | {path: f"{path} of repository {repository}\n" * 20 for path in OTHER_FILES}


def _file_of(place: int) -> str:
    """Four files hold the first entities of a repository; in a large one each further ten have a folder."""
    if place < MANY:
        return FILES_A_REPOSITORY[place % len(FILES_A_REPOSITORY)]
    return f"services/{place // 1000:04}/{place // 10 % 100:02}/catalog-info.yaml"


def kind_of(number: int) -> str:
    """Kind of the entity with this number: fixed shares in every hundred."""
    place = (number * 37 + number // 100 * 13) % 100  # the second part keeps any stride from meeting one kind only
    for kind, share in KINDS:
        if place < share:
            return kind
        place -= share
    raise AssertionError("the shares of KINDS do not add up to 100")


def name_of(number: int) -> str:
    """Name of the entity with this number; its last part is the number."""
    return f"{FIRST[number % len(FIRST)]}-{SECOND[number // 7 % len(SECOND)]}-{number:07}"


def document(number: int, size: Size) -> str:
    """YAML text of one entity."""
    dice = random.Random(size.seed * 1_000_003 + number)
    kind, name = kind_of(number), name_of(number)
    head = [
        "apiVersion: backstage.io/v1alpha1",
        f"kind: {kind}",
        "metadata:",
        f"  name: {name}",
        f"  title: {name.replace('-', ' ').title()}",
        f"  description: {_sentence(dice)}",
        f"  tags: [{dice.choice(LANGUAGES)}, tier-{dice.randrange(4)}, zone-{dice.randrange(12)}]",
        "  labels:",
        f"    example.test/cost-centre: cc-{dice.randrange(200)}",
        "  annotations:",
        f"    example.test/runbook: https://runbooks.example.test/{name}",
        f"    example.test/dashboard: d-{dice.randrange(10**6):06}",
        "  links:",
        f"    - {{url: 'https://wiki.example.test/{name}', title: Wiki, icon: docs}}",
        "spec:",
    ]
    return "\n".join(head + [f"  {line}" for line in _spec(kind, dice, size)]) + "\n"


def _spec(kind: str, dice: random.Random, size: Size) -> Iterator[str]:
    if kind == "Group":
        yield from ("type: team", "children: []")
        return
    if kind == "User":
        yield f"memberOf: [{_pick('Group', dice, size)}]"
        return
    yield f"owner: {_pick('Group', dice, size)}"
    if kind == "Domain":
        return
    if kind == "System":
        yield f"domain: {_pick('Domain', dice, size)}"
        return
    yield f"system: {_pick('System', dice, size)}"
    if kind == "Resource":
        yield "type: database"
        return
    yield f"lifecycle: {dice.choice(LIFECYCLES)}"
    if kind == "API":
        yield from ("type: openapi", "definition: |", "  openapi: 3.1.0", "  info: {title: Example, version: 1.0.0}")
        return
    yield f"type: {dice.choice(COMPONENT_TYPES)}"
    yield f"providesApis: [{_pick('API', dice, size)}]"
    yield f"consumesApis: [{_pick('API', dice, size)}, {_pick('API', dice, size)}]"
    yield f"dependsOn: ['component:{_pick('Component', dice, size)}', 'resource:{_pick('Resource', dice, size)}']"


def _pick(kind: str, dice: random.Random, size: Size) -> str:
    """Name of some entity of this kind; where a tiny catalog has none, the reference dangles, as in real ones."""
    start = dice.randrange(size.entities)
    nearby = ((start + step) % size.entities for step in range(200))
    return name_of(next((number for number in nearby if kind_of(number) == kind), start))


def _sentence(dice: random.Random) -> str:
    words = [dice.choice(FIRST + SECOND) for _ in range(12)]
    return " ".join(words).capitalize() + "."


def _make(path: Path, files: dict[str, str]) -> None:
    bare_repository(path, {name: text.encode() for name, text in files.items()})


def bare_repository(path: Path, files: dict[str, bytes], message: str = "First") -> None:
    """A bare repository at `path` whose branch `main` holds `files` in one commit; raises CalledProcessError."""
    for folder in ("objects", "refs/heads"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    (path / "HEAD").write_text("ref: refs/heads/main\n")
    (path / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    subprocess.run(
        ["git", "-C", str(path), "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet"],
        input=b"".join(_stream(files, message)),
        env=git_environment(),
        check=True,
        capture_output=True,
    )


def _stream(files: dict[str, bytes], message: str) -> Iterator[bytes]:
    yield b"commit refs/heads/main\ncommitter Bench <bench@example.test> 1700000000 +0000\n"
    yield b"data %d\n%s\n" % (len(message), message.encode())
    for name in sorted(files):
        yield b'M 100644 inline "%s"\n' % _quoted(name)
        yield b"data %d\n%s\n" % (len(files[name]), files[name])


def _quoted(name: str) -> bytes:
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").encode("utf-8", "surrogateescape")


def git_environment() -> dict[str, str]:
    """Environment for a git that knows nothing of the person who runs the benchmark."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Bench",
        "GIT_AUTHOR_EMAIL": "bench@example.test",
        "GIT_COMMITTER_NAME": "Bench",
        "GIT_COMMITTER_EMAIL": "bench@example.test",
    }
