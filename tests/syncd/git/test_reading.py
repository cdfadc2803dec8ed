"""Promises about reading a commit: sizes, walks, odd entries, paths (R14-R17)."""

import time
from pathlib import Path

import pytest

from syncd.errors import LimitError
from syncd.git import FileChange, Mirror, TreeFile
from syncd.git.objects import ObjectReader
from syncd.model.pattern import Pattern, PatternError
from syncd.model.problem import Problem
from tests.support.mirrors import opened_mirrors
from tests.support.repository import Odd, RepoBuilder

DISCOVERY = ["**/catalog-info.yaml", "**/catalog-info.yml"]


def fetched(mirror: Mirror, commit: str) -> str:
    mirror.fetch([""])
    return commit


def paths(mirror: Mirror, commit: str, *patterns: str) -> list[str]:
    listing = mirror.list_files(commit, patterns)
    assert listing.complete
    return [file.path for file in listing.files]


FILES = {
    "catalog-info.yaml": "root",
    "catalog-info.yml": "yml",
    "Catalog-Info.yaml": "capital",
    "a/catalog-info.yaml": "a",
    "a/b/catalog-info.yaml": "ab",
    "a/b/other.yaml": "other",
    "ab/catalog-info.yaml": "ab2",
    ".github/catalog-info.yaml": "hidden",
    "app/[id]/catalog-info.yaml": "brackets",
}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["catalog-info.yaml"], ["catalog-info.yaml"]),
        (["./x"], None),
        (["a/b"], []),
        (["none"], []),
        (["a/catalog-info.yaml/x"], []),
        (DISCOVERY, [path for path in FILES if path not in {"Catalog-Info.yaml", "a/b/other.yaml"}]),
        (["a/**"], ["a/b/catalog-info.yaml", "a/b/other.yaml", "a/catalog-info.yaml"]),
        (["a*/catalog-info.yaml"], ["a/catalog-info.yaml", "ab/catalog-info.yaml"]),
        (["*/*/*.yaml"], ["a/b/catalog-info.yaml", "a/b/other.yaml", "app/[id]/catalog-info.yaml"]),
        (["[Cc]atalog-*.yaml"], ["Catalog-Info.yaml", "catalog-info.yaml"]),
        (
            ["catalog-info.yaml", "**/b/*", "catalog-info.yaml"],
            ["a/b/catalog-info.yaml", "a/b/other.yaml", "catalog-info.yaml"],
        ),
    ],
)
def test_a_listing_holds_what_the_patterns_match(
    mirror: Mirror, origin: RepoBuilder, patterns: list[str], expected: list[str] | None
) -> None:
    commit = fetched(mirror, origin.commit(FILES))
    if expected is None:
        with pytest.raises(PatternError):
            mirror.list_files(commit, patterns)
    else:
        assert paths(mirror, commit, *patterns) == sorted(expected)


def test_the_trees_of_a_commit_are_asked_for_once(
    mirror: Mirror, origin: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = fetched(mirror, origin.commit(FILES))
    expected = paths(mirror, commit, DISCOVERY[0])
    monkeypatch.setattr(ObjectReader, "_ask", None)  # whatever is asked fails from now on
    assert paths(mirror, commit, DISCOVERY[0]) == expected
    assert paths(mirror, commit, DISCOVERY[1]) == ["catalog-info.yml"]


def test_a_reader_that_waits_remembers_few_trees(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = fetched(mirror, origin.commit({f"{number % 7}/{number}.yaml": "" for number in range(3_000)}))
    assert len(paths(mirror, commit, "**/*.yaml")) == 3_000
    with mirror._readers.reader(mirror.path) as reader:
        assert not reader.trees


def test_an_exact_pattern_names_a_path_with_brackets(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = fetched(mirror, origin.commit(FILES))
    listing = mirror.list_files(commit, [Pattern.exact("app/[id]/catalog-info.yaml")])
    assert [file.path for file in listing.files] == ["app/[id]/catalog-info.yaml"]


def test_a_difference_names_what_changed(mirror: Mirror, origin: RepoBuilder) -> None:
    old = origin.commit({"same": "1", "changed": "1", "gone": "1", "file": "1", "d/x": "1", "deep/er/y": "1"})
    new = origin.commit(
        {"changed": "2", "gone": None, "file": None, "file/now": "1", "d/x": None, "d": "1", "new/z": "1"}
    )
    mirror.fetch([""])
    changes = mirror.changed_files(old, new)
    there = {path: mirror.file_blob(new, path) for path in ("changed", "file/now", "d", "new/z")}
    expected = {**there, "gone": None, "file": None, "d/x": None}
    assert [(change.path, change.blob) for change in changes] == sorted(expected.items())
    assert mirror.changed_files(new, new) == []


def test_r014_a_blob_is_sized_before_it_is_read(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = fetched(mirror, origin.commit({"big": b"\0" * 5_000_000, "small": "1", "edge": "x" * 1000}))
    blobs = {path: mirror.file_blob(commit, path) or "" for path in ("big", "small", "edge")}
    contents = mirror.read_blobs(blobs.values(), 1000)
    big = contents[blobs["big"]]
    assert isinstance(big, Problem)
    assert (big.code, "5000000" in big.message) == ("file.too_large", True)
    assert (contents[blobs["small"]], contents[blobs["edge"]]) == (b"1", b"x" * 1000)


def test_many_blobs_are_read_at_once(mirror: Mirror, origin: RepoBuilder) -> None:
    commit = fetched(mirror, origin.commit({f"f{i}": f"content {i}\n" * (i % 50) for i in range(1500)}))
    files = mirror.list_files(commit, ["*"]).files
    contents = mirror.read_blobs([file.blob for file in files], 10_000)
    assert {file.path: contents[file.blob] for file in files} == {
        f"f{i}": b"content %d\n" % i * (i % 50) for i in range(1500)
    }


def bomb(origin: RepoBuilder, levels: int, width: int = 10) -> str:
    """A commit whose tree names width ** levels files in a handful of objects."""
    blob = origin.git("hash-object", "-w", "--stdin", stdin=b"x").strip()
    entry = f"100644 blob {blob}\tcatalog-info.yaml\n"
    for _ in range(levels):
        tree = origin.git("mktree", stdin=entry.encode()).strip()
        entry = "".join(f"040000 tree {tree}\td{number}\n" for number in range(width))
    commit = origin.git("commit-tree", origin.git("mktree", stdin=entry.encode()).strip(), "-m", "bomb").strip()
    origin.set_branch("main", commit)
    return commit


def test_r015_a_tree_that_names_too_much_is_not_walked_to_its_end(tmp_path: Path, origin: RepoBuilder) -> None:
    small = origin.commit({"a": "1"})
    commit = bomb(origin, 10)
    with opened_mirrors(tmp_path / "bounded", tree_entries=20_000) as mirrors:
        mirror = mirrors.open(origin.url)
        mirror.fetch(["", small])
        started = time.monotonic()
        listing = mirror.list_files(commit, DISCOVERY)
        assert [problem.code for problem in listing.problems] == ["git.too_many_entries"]
        assert not listing.complete
        with pytest.raises(LimitError):
            mirror.changed_files(small, commit)
        assert time.monotonic() - started < 5
        assert paths(mirror, commit, "/".join(["d7"] * 10) + "/catalog-info.yaml")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"tree_depth": 4}, "git.too_deep"),
        ({"path_bytes": 40}, "git.path_too_long"),
        ({"matched_files": 2}, "git.too_many_files"),
    ],
)
def test_r015_walks_are_bounded(tmp_path: Path, origin: RepoBuilder, settings: dict[str, int], code: str) -> None:
    commit = origin.commit({"a/a/a/a/a/a/x": "1", "long" * 12 + "/x": "1", "x": "1"})
    with opened_mirrors(tmp_path / "bounded", **settings) as mirrors:
        mirror = mirrors.open(origin.url)
        mirror.fetch([""])
        listing = mirror.list_files(commit, ["**/x"])
        assert ([problem.code for problem in listing.problems], listing.complete) == ([code], False)


def test_r016_links_and_submodules_are_not_followed(mirror: Mirror, origin: RepoBuilder) -> None:
    old = origin.commit({"real/secret.yaml": "secret", "e/catalog-info.yaml": "1", "exec": Odd("100755", "run")})
    commit = origin.commit(
        {
            "catalog-info.yaml": Odd("120000", "real/secret.yaml"),
            "e/catalog-info.yaml": Odd("120000", "/etc/passwd"),
            "link": Odd("120000", "real"),
            "sub/catalog-info.yaml": Odd("160000", old),
            "dir/catalog-info.yaml/x": "1",
        }
    )
    mirror.fetch([""])
    listing = mirror.list_files(commit, [*DISCOVERY, "link/secret.yaml", "dir", "exec"])
    assert [file.path for file in listing.files] == ["exec"]
    assert {problem.code for problem in listing.problems} == {"file.not_regular"}
    expected = ["catalog-info.yaml", "dir", "e/catalog-info.yaml", "sub/catalog-info.yaml"]
    assert sorted(problem.path for problem in listing.problems) == expected
    assert mirror.file_blob(commit, "catalog-info.yaml") is None
    assert mirror.file_blob(commit, "link/secret.yaml") is None
    changed = {change.path: change for change in mirror.changed_files(old, commit)}
    assert changed["e/catalog-info.yaml"].blob is None
    problem = changed["e/catalog-info.yaml"].problem
    assert problem
    assert problem.code == "file.not_regular"


def test_r017_paths_are_bytes_and_case_counts(mirror: Mirror, origin: RepoBuilder) -> None:
    old = origin.commit({"a": "1"})
    commit = origin.commit(
        {
            b"caf\xe9/catalog-info.yaml": "latin",
            "café/catalog-info.yaml": "utf-8",
            "café/Catalog-Info.yaml": "capital",
            b"other\xff.txt": "x",
            "new\nline/catalog-info.yaml": "line",
        }
    )
    mirror.fetch([""])
    listing = mirror.list_files(commit, DISCOVERY)
    assert [file.path for file in listing.files] == ["café/catalog-info.yaml", "new\nline/catalog-info.yaml"]
    assert [(problem.code, problem.path) for problem in listing.problems] == [
        ("file.path_not_unicode", "caf\\xe9/catalog-info.yaml")
    ]
    changes = {change.path: change for change in mirror.changed_files(old, commit)}
    assert changes["caf\\xe9/catalog-info.yaml"].blob is None
    assert changes["café/Catalog-Info.yaml"].blob != changes["café/catalog-info.yaml"].blob


def test_readers_are_few(tmp_path: Path) -> None:
    with opened_mirrors(tmp_path / "few", open_readers=2) as mirrors:
        for number in range(5):
            origin = RepoBuilder(tmp_path / f"{number}.git")
            commit = origin.commit({"a": str(number)})
            mirror = mirrors.open(origin.url)
            mirror.fetch([""])
            assert mirror.list_files(commit, ["a"]).files == [TreeFile("a", mirror.file_blob(commit, "a") or "")]
        assert len(mirrors._readers._idle) == 2


def test_a_change_is_a_plain_value() -> None:
    assert FileChange("a", None) == FileChange("a", None, None)
