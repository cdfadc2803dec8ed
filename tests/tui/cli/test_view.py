"""`catalog view`, and `@NAME` in query lines."""

from pathlib import Path

import pytest

from tests.tui.cli.program import catalog


@pytest.fixture
def views(tmp_path: Path) -> str:
    return str(tmp_path / "shared" / "views.toml")


def test_a_view_is_saved_listed_shown_used_and_removed(state: Path, views: str) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        return catalog(state, *arguments, CATALOG_VIEWS=views)

    assert run("view", "save", "java", "tag:java", "-kind:group", "sort:-name", "cols:name")[0] == 0
    assert run("view", "show", "@java")[1] == "tag:java -kind:group sort:-name cols:name\n"
    assert run("view", "list", "-o", "csv", "--no-header")[1] == "java,tag:java -kind:group sort:-name cols:name\n"
    whole = run("list", "tag:java", "-kind:group", "sort:-name", "cols:name")
    assert run("list", "@java") == whole
    assert whole[1].count("\n") > 1
    assert run("list", "@java", "name:nothing-of-this")[1] == "name\n"
    assert run("facets", "@java", "-f", "tag", "-o", "csv")[0] == 0
    code, _, error = run("list", "x", "@jva")
    assert (code, "did you mean @java?" in error) == (2, True)
    assert error.splitlines()[2].index("^") == error.splitlines()[1].index("@jva")
    assert run("view", "rename", "java", "@jvm")[0] == 0
    assert run("view", "rename", "java", "coffee")[0] == 1
    assert run("view", "rename", "jvm", "java")[0] == 0
    assert "tag:java" in run("view", "rm", "java")[2]
    assert run("view", "rm", "java")[0] == 1


def test_a_line_that_means_nothing_is_not_saved(state: Path, views: str) -> None:
    done = catalog(state, "view", "save", "bad", "ownr:x", CATALOG_VIEWS=views)
    assert (done.code, "did you mean owner?" in done.err) == (2, True)
    assert not Path(views).exists()
    done = catalog(state, "view", "save", "two words", "kind:api", CATALOG_VIEWS=views)
    assert done.code == 2
    Path(views).parent.mkdir()
    Path(views).write_text("java = 3\n")
    done = catalog(state, "list", "@java", CATALOG_VIEWS=views)
    assert (done.code, views in done.err) == (2, True)


def test_starred_and_recent_are_shared_with_the_interface(state: Path, views: str, tmp_path: Path) -> None:
    folder = state / "client"
    folder.mkdir(exist_ok=True)
    (folder / "recent").write_text("component:default/nowhere\n")
    assert catalog(state, "list", "@recent", "--no-header", CATALOG_VIEWS=views).out == ""
    assert catalog(state, "list", "@starred", "--no-header", CATALOG_VIEWS=views).out == ""
