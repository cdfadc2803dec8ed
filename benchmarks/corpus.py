"""`make corpus CORPUS=DIR`: real descriptor files as real repositories, and what became of every document.

Each folder `<owner>__<repo>` of DIR becomes a bare repository. All of them are loaded twice, into a state of its own
each time: by discovery, and with the paths that DIR/MANIFEST.csv lists with the role `entity`. The daemon's account
(`/api/own/sources`) is then checked against plain counts of files and documents that know nothing of YAML.
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.daemon import Daemon, ended_by_sigterm
from benchmarks.generate import bare_repository
from benchmarks.plain_count import documents_in
from benchmarks.site import OPEN, git_location

DISCOVERED = ("catalog-info.yaml", "catalog-info.yml")
OUTCOMES = ("entity", "template", "empty", "conflict", "bad", "retained")


@dataclass(frozen=True, slots=True)
class Origin:
    """One repository of the corpus: its files as committed, and the paths that the manifest names."""

    name: str
    path: Path
    files: Mapping[str, bytes]
    listed: tuple[str, ...]

    @property
    def url(self) -> str:
        """The clone URL that the daemon gets."""
        return self.path.resolve().as_uri()


@dataclass(slots=True)
class Account:
    """What the daemon says became of every document, and what does not add up."""

    outcomes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    files: int = 0
    counted: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """All documents that have an outcome."""
        return self.outcomes.total()


def main(arguments: list[str]) -> int:
    """Load DIR twice and print both accounts; 1 if a sum does not agree, 2 if DIR is no corpus."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    ended_by_sigterm()
    folder: Path = parser.parse_args(arguments).folder
    if not (folder / "MANIFEST.csv").is_file():
        print(f"{folder} is no corpus: it has no MANIFEST.csv (columns repo, path, role)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="git-catalog-corpus-") as root:
        made = list(origins(folder, Path(root) / "origin"))
        print(f"{len(made)} repositories, {sum(len(origin.files) for origin in made)} files")
        accounts = [_load(Path(root), made, by_manifest=by_manifest) for by_manifest in (False, True)]
    for title, account in zip(("by discovery", "with the manifest's paths"), accounts, strict=True):
        print(f"\n{title}\n{'=' * len(title)}\n{_report(account)}")
    return int(any(account.wrong for account in accounts))


def origins(folder: Path, root: Path) -> Iterator[Origin]:
    """Each folder of a corpus as a bare repository below `root`."""
    listed = _listed(folder)
    for source in sorted(folder.glob("*__*")):
        yield _origin(source, root, listed.get(source.name, ()))


def largest(folder: Path, root: Path) -> Origin:
    """The one of them that has most descriptors."""
    listed = _listed(folder)
    name = max(listed, key=lambda name: len(listed[name]))
    return _origin(folder / name, root, listed[name])


def _listed(folder: Path) -> dict[str, list[str]]:
    """The descriptors that the manifest names, by folder."""
    listed: dict[str, list[str]] = {}
    with (folder / "MANIFEST.csv").open(newline="", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest):
            if row["role"] == "entity":
                listed.setdefault(row["repo"].replace("/", "__"), []).append(row["path"])
    return listed


def _origin(source: Path, root: Path, listed: Sequence[str]) -> Origin:
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
    bare_repository(root / f"{source.name}.git", files)
    return Origin(source.name, root / f"{source.name}.git", files, tuple(listed))


def _load(root: Path, origins: list[Origin], *, by_manifest: bool) -> Account:
    name = "manifest" if by_manifest else "discovery"
    config = root / f"{name}.toml"
    tables = (git_location(origin.path, list(origin.listed) if by_manifest else None) for origin in origins)
    config.write_text(OPEN + "".join(tables), encoding="utf-8")
    with Daemon(root / name, config) as daemon:
        seconds = daemon.wait_idle()
        print(f"{name}: idle after {seconds:.1f} s", file=sys.stderr)
        return _account(daemon, origins, by_manifest=by_manifest)


def _account(daemon: Daemon, origins: list[Origin], *, by_manifest: bool) -> Account:
    account = Account()
    by_url = {origin.url.removesuffix(".git"): origin for origin in origins}
    read: dict[str, set[str]] = {origin.name: set() for origin in origins}
    for source in daemon.api.get("/api/own/sources")["items"]:
        origin = by_url[source["repository"].removesuffix(".git")]
        read[origin.name].add(source["path"])
        _book(account, origin, source)
    for origin in origins:
        _check_files(account, origin, read[origin.name], by_manifest=by_manifest)
    _check_entities(account, daemon.api.get("/api/own/status"), len(origins))
    return account


def _book(account: Account, origin: Origin, source: Mapping[str, Any]) -> None:
    """Count one file, and compare with the plain count of its documents."""
    place = f"{origin.name}/{source['path']}"
    expected = documents_in(origin.files[source["path"]])
    account.files += 1
    account.counted += expected
    if len(source["documents"]) != expected:
        account.wrong.append(
            f"{place}: {len(source['documents'])} documents with an outcome, {expected} by plain count"
        )
    for document in source["documents"]:
        account.outcomes[document["outcome"]] += 1
        if document["outcome"] not in OUTCOMES:
            account.wrong.append(f"{place}: unknown outcome {document['outcome']}")
        if document["outcome"] in ("bad", "conflict"):
            problem = document["problem"] or {"code": "no reason given", "message": ""}
            account.reasons[problem["code"]] += 1
            message = problem["message"].replace(f"{origin.path.parent.resolve().as_uri()}/", "")
            account.bad.append(f"{place}:{document['line']} {problem['code']}: {message}")


def _check_files(account: Account, origin: Origin, read: set[str], *, by_manifest: bool) -> None:
    """Every file that must be read was read; Location entities may have led to more."""
    expected = set(origin.listed) if by_manifest else {p for p in origin.files if p.rsplit("/")[-1] in DISCOVERED}
    account.wrong += [f"{origin.name}/{path}: never read" for path in sorted(expected - read)]


def _check_entities(account: Account, status: Mapping[str, Any], locations: int) -> None:
    """Each document that is an entity is one entity of the catalog; each location adds a generated one."""
    account.kinds.update(status["kinds"])
    account.kinds["Location"] -= locations
    found = status["entities"] - locations
    if found != account.outcomes["entity"] + account.outcomes["retained"]:
        account.wrong.append(f"{account.outcomes['entity']} documents are entities, the catalog holds {found}")


def _report(account: Account) -> str:
    outcomes = "  ".join(f"{name} {account.outcomes[name]}" for name in OUTCOMES)
    kinds = "  ".join(f"{kind} {count}" for kind, count in account.kinds.most_common() if count)
    agree = "the sums agree" if not account.wrong else f"{len(account.wrong)} SUMS DISAGREE"
    lines = [
        f"files {account.files}, documents {account.documents}, by plain count {account.counted}: {agree}",
        f"outcomes: {outcomes}",
        f"kinds: {kinds} (without the generated Location of each repository)",
    ]
    lines += [f"WRONG {text}" for text in account.wrong]
    reasons = "  ".join(f"{code} {count}" for code, count in account.reasons.most_common())
    lines += [f"bad or in conflict, by reason: {reasons}", *(f"  {text}" for text in sorted(account.bad))]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
