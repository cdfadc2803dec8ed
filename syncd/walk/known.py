"""What the last walk of a location read: enough to tell what the next one need not read again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field

from syncd.model.json import Json, JsonObject
from syncd.model.location import Target
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem
from syncd.model.reading import Reading
from syncd.model.source import Branch, Source


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One file: its blob ("" when it is gone and only orphans of it are kept), who asked for it, what it held.

    `refs` are the entities in force from it, `retained` those of them that the file does not say now.
    `dependencies` are the blobs of files that placeholders put into its entities ("" where there is none),
    `flaws` the targets that cannot be followed, `made_with` what it was read with (see `FileRead`).
    """

    blob: str
    url: str
    parent: str
    refs: tuple[str, ...] = ()
    retained: tuple[str, ...] = ()
    targets: tuple[tuple[str, Target], ...] = ()
    dependencies: Mapping[str, str] = field(default_factory=dict)
    flaws: tuple[tuple[str, Problem], ...] = ()
    made_with: str = ""

    def to_json(self) -> JsonObject:
        """A form that `from_json` reads back."""
        targets: list[Json] = [
            [ref, t.repository, t.revision, t.pattern, t.text, t.url, t.required] for ref, t in self.targets
        ]
        flaws: list[Json] = [[ref, *astuple(problem)] for ref, problem in self.flaws]
        return {
            "url": self.url,
            "parent": self.parent,
            "refs": list(self.refs),
            "retained": list(self.retained),
            "targets": targets,
            "dependencies": dict(self.dependencies),
            "flaws": flaws,
            "made_with": self.made_with,
        }

    @classmethod
    def from_json(cls, blob: str, known: Mapping[str, object]) -> "KnownFile":
        """Read what `to_json` wrote; it comes from our own index."""
        listed: list[list[object]] = known["targets"]  # type: ignore[assignment]
        flaws: list[list[object]] = known["flaws"]  # type: ignore[assignment]
        return cls(
            blob,
            str(known["url"]),
            str(known["parent"]),
            tuple(known["refs"]),  # type: ignore[arg-type]
            tuple(known["retained"]),  # type: ignore[arg-type]
            tuple((str(ref), Target(*rest)) for ref, *rest in listed),  # type: ignore[arg-type]
            known["dependencies"],  # type: ignore[arg-type]
            tuple((str(ref), Problem(*rest)) for ref, *rest in flaws),  # type: ignore[arg-type]
            str(known["made_with"]),
        )


class Known:
    """The memory of one location, kept in step with what was published."""

    def __init__(
        self, commits: Mapping[Branch, str], files: Mapping[Source, KnownFile], *, walked: bool, clean: bool = False
    ) -> None:
        self.commits = dict(commits)
        self.files = dict(files)
        self.walked = walked
        """Whether a walk was ever published."""
        self.clean = clean
        """Whether the last walk met no problem with a target: only then may a walk look at changed files alone."""
        self._dependents: dict[Source, set[Source]] = defaultdict(set)
        for source, file in self.files.items():
            self._remember(source, file)

    @classmethod
    def nothing(cls) -> "Known":
        """Before the first walk."""
        return cls({}, {}, walked=False)

    def forget(self) -> None:
        """Have the next walk read every file again, whatever its blob."""
        self.walked = False

    def dependents(self, source: Source) -> Iterable[Source]:
        """Files whose entities hold content of `source`."""
        return self._dependents.get(source, ())

    def targets(self) -> list[Target]:
        """What the location's Location entities ask for."""
        return [target for file in self.files.values() for _, target in file.targets]

    def asked(self) -> list[tuple[str, str]]:
        """(clone URL, revision) of each branch that Location entities name, beside the one that they are on."""
        return [
            (target.repository, target.revision)
            for source, file in self.files.items()
            for _, target in file.targets
            if source.branch != Branch(target.repository, target.revision)
        ]

    def patterns(self, roots: Iterable[Target]) -> list[Pattern]:
        """Everything that the location and its Location entities ask for, in whatever repository.

        Raises `PatternError`.
        """
        return [Pattern.parse(target.pattern) for target in (*roots, *self.targets())]

    def apply(self, reading: Reading, *, clean: bool) -> None:
        """Take over what was published."""
        self.commits = dict(reading.commits)
        self.walked, self.clean = True, clean
        for source in (*reading.removed, *(file.source for file in reading.files)):
            before = self.files.pop(source, None)
            for path in before.dependencies if before else ():
                self._dependents[Source(source.branch, path)].discard(source)
        for file in reading.files:
            known = KnownFile.from_json(file.blob, file.known)
            self.files[file.source] = known
            self._remember(file.source, known)

    def _remember(self, source: Source, file: KnownFile) -> None:
        for path in file.dependencies:
            self._dependents[Source(source.branch, path)].add(source)
