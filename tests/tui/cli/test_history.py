"""`catalog why`, `history` and `diff` against a real daemon, and their output formats."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.golden import kept
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import catalog
from tui.cli.commands import diff, why
from tui.cli.formats import FORMATS, Style, lines_of
from tui.cli.listing import Listing
from tui.history_answers import DiffAnswer, OriginItem, WhyAnswer

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "cli"
AT = "2026-11-24T16:47:51Z"
REF = "component:default/warehouse"
SET: OriginItem = {
    "said": "overlay", "ref": REF, "field": "metadata.title", "value": 'Pallets, "all" | \x1b[31m', "in_force": True,
    "reason": None, "by": "token:ci", "email": None, "at": "2026-11-24T16:47:51.773Z", "repository": None,
    "branch": None, "path": None, "line": None, "end_line": None, "changed_line": None, "url": None, "commit": None,
    "subject": None, "cut": False, "door": "cli", "mode": "replace", "seq": 41,
}  # fmt: skip
LINE: OriginItem = {
    "said": "git", "ref": REF, "field": "metadata.title", "value": "Warehouse", "in_force": False, "reason": None,
    "by": "Mallory \u202e", "email": "m@example.org", "at": AT, "repository": "file:///srv/git/shop.git",
    "branch": "main", "path": "a/catalog-info.yaml", "line": 7, "end_line": 9, "changed_line": 8, "url": None,
    "commit": "5f" * 20, "subject": "name it\x1b[2J", "cut": False, "door": None, "mode": None, "seq": None,
}  # fmt: skip
WHY: WhyAnswer = {
    "ref": REF, "field": "metadata.title", "value": SET["value"], "origins": [SET, LINE], "more": False
}  # fmt: skip
DIFF: DiffAnswer = {
    "from": {"at": AT, "commit": "5f" * 20, "author": "Ada", "subject": "one"},
    "to": {"at": AT, "commit": "6f" * 20, "author": "Bea", "subject": "two"},
    "items": [
        {"ref": REF, "effect": "updated", "path": "catalog-info.yaml", "line": 3, "complete": True, "reason": None,
         "changes": [{"path": "spec.owner", "effect": "updated", "old": "a", "new": "b | c"},
                     {"path": "metadata.tags", "effect": "added", "old": None, "new": ["x", "y"]}]},
        {"ref": "api:default/gone", "effect": "removed", "path": "old\x1b[2J.yaml", "line": 1, "complete": False,
         "reason": "it cannot be read", "changes": []},
    ],
    "counts": {"added": 0, "updated": 1, "removed": 1},
    "more": False,
    "notes": [],
}  # fmt: skip
LISTINGS: dict[str, Listing] = {
    "why": why.listing_of(WHY),
    "diff": diff.listing_of(DIFF),
}


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("name", LISTINGS)
def test_golden(name: str, output_format: str) -> None:
    text = "".join(line + "\n" for line in lines_of(LISTINGS[name], output_format, Style()))
    assert text == kept(GOLDEN / f"{name}.{output_format}", text)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    repository = RepoBuilder(tmp_path_factory.mktemp("origin") / "shop.git")
    repository.commit({"catalog-info.yaml": entity("Component", "cart", title="Cart")}, "begin")
    repository.commit({"catalog-info.yaml": entity("Component", "cart", title="The cart")}, "a name", author="Bea")
    return repository


@pytest.fixture(scope="module")
def state(repository: RepoBuilder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with Daemon(tmp_path_factory.mktemp("history") / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        assert catalog(daemon.state, "set", "cart", "metadata.title=Basket").code == 0
        yield daemon.state


def test_why_shows_what_is_in_force_and_what_it_hides(state: Path, repository: RepoBuilder) -> None:
    done = catalog(state, "why", "cart", "title", "--no-header")
    assert (done.code, done.err) == (0, "component:default/cart metadata.title: Basket\n")
    first, second = (line.split("\t") for line in done.out.splitlines())
    assert (first[0], first[2][:7], first[5:]) == ("overlay", "socket:", ["Basket", "replace by cli"])
    lines = repository.git("show", "main:catalog-info.yaml").splitlines()
    place = f"catalog-info.yaml:{lines.index('  title: The cart') + 1}"
    assert [*second[:3], *second[4:]] == ["(git)", place, "Bea", repository.head()[:10], "The cart", "a name"]
    whole = json.loads(catalog(state, "why", "cart", "title", "-o", "json", "-q").out)
    assert [one["commit"] for one in whole["origins"]] == [None, repository.head()]


def test_history_merges_commits_and_changes(state: Path, repository: RepoBuilder) -> None:
    done = catalog(
        state, "history", "cart", "metadata.title", "--no-header", "--columns", "actor,effect,old,new,commit"
    )
    assert (done.code, done.err) == (0, "")
    told = [line.split("\t") for line in done.out.splitlines()]
    assert [line[1:4] for line in told] == [
        ["added", "", "Basket"],
        ["updated", "Cart", "The cart"],
        ["added", "", "Cart"],
    ]
    assert [line[4] for line in told] == ["", repository.head(), repository.git("rev-parse", "main~1").strip()]
    cut = catalog(state, "history", "cart", "--limit", "1", "--field", "metadata.title", "--no-header")
    assert (len(cut.out.splitlines()), cut.err) == (1, "showing the newest 1; --limit -1 shows all\n")


def test_diff_tells_fields_and_ends(state: Path, repository: RepoBuilder) -> None:
    done = catalog(state, "diff", "HEAD~1", "--repository", repository.url, "--no-header")
    assert (done.code, done.out) == (0, "updated\tcomponent:default/cart\tmetadata.title\tCart\tThe cart\n")
    ends, counts = done.err.splitlines()
    assert ends.startswith(repository.git("rev-parse", "main~1")[:10])
    assert ends.endswith(" Bea: a name")
    assert counts == "0 added, 1 updated, 0 removed"
    location = json.loads(catalog(state, "location", "list", "-o", "json").out)[0]["id"][:6]
    again = catalog(state, "diff", "main~1", "main", "--location", location, "--exit-code", "-q", "--no-header")
    assert (again.code, again.out, again.err) == (1, done.out, "")
    same = catalog(state, "diff", "main", "main", "--location", location, "--exit-code", "-q", "--no-header")
    assert (same.code, same.out) == (0, "")
    times = catalog(state, "diff", "2020-01-01", "now", "-o", "name", "-q", "--limit", "1")
    assert (times.out, times.err) == ("component:default/cart\n", "showing 1 of 2 entities; --limit -1 shows all\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["why", "nothing", "owner"], 1, "there is no entity", id="no-entity"),
        pytest.param(["why", "component:default/nothing", "owner"], 1, "not found", id="no-such-ref"),
        pytest.param(["why", "cart", "spec.ownr"], 1, "did you mean spec.owner", id="no-field"),
        pytest.param(["why", "cart", "a..b"], 2, "property path", id="no-path"),
        pytest.param(["why", "cart"], 2, "FIELD", id="no-field-named"),
        pytest.param(["history", "cart", "a..b"], 2, "property path", id="history-no-path"),
        pytest.param(["diff", "main"], 2, "is no time", id="no-repository"),
        pytest.param(["diff", "main", "--location", "nothing"], 1, "there is no location", id="no-location"),
        pytest.param(["diff", "main", "--repository", "file:///nowhere"], 2, "no location begins in", id="not-read"),
    ],
)
def test_refusals(state: Path, arguments: list[str], code: int, words: str) -> None:
    done = catalog(state, *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
