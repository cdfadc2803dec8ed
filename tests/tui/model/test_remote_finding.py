"""Finding, asked of a real daemon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tui.client import Address, Client
from tui.model.column_choice import sampled_columns
from tui.model.remote import Remote
from tui.model.source import RefusedError


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    folder = tmp_path_factory.mktemp("finding")
    repository = RepoBuilder(folder / "shop.git")
    names = ("a", "b", "c")
    documents = [entity("Component", name, tags=["java"], annotations={"acme.test/pager": name}) for name in names]
    repository.commit({"catalog-info.yaml": "---\n".join([*documents, entity("API", "d")])})
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        client = Client(Address(socket=daemon.socket))
        yield Remote(client)
        client.close()


def test_facets_words_and_sql_of_a_line(remote: Remote) -> None:
    kind, tag = remote.facets("kind:api", ("kind", "tag"), 10)
    assert [(one.value, one.count) for one in kind.values][:2] == [("Component", 3), ("API", 1)]
    assert (tag.values, tag.more) == ((), 0)
    line = "tag:java kin"
    found = remote.complete(line, len(line), 10)
    assert (found.start, found.end, found.items[0].text) == (9, 12, "kind:")
    (value,) = remote.complete("tag:java kind:", 14, 10).items
    assert (value.text, value.count) == ("Component", 3)
    assert "select" in remote.sql_of("kind:api").lower()


def test_the_sql_of_a_facet_counts_what_the_facet_counts(remote: Remote) -> None:
    for line in ("", "kind:api", "tag:java kind:api", "tag:java (kind:api or kind:component)", "-kind:api"):
        for facet in remote.facets(line, ("kind", "tag", "type"), 10):
            found = remote.sql(remote.sql_of(f"{line} sort:-name cols:name", facet.field), 100)
            told = {(row[0], row[1]) for row in found.rows if row[0] is not None}
            assert told == {(one.value, one.count) for one in facet.values}, (line, facet.field)


def test_tables_are_counted(remote: Remote) -> None:
    names = [view.name for view in remote.sql_views()]
    counts = remote.sql_counts(names)
    assert list(counts) == names
    assert (counts["components"], counts["apis"], counts["groups"]) == (3, 1, 0)
    assert remote.sql_counts(()) == {}


def test_the_answer_in_a_file_that_was_not_there(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert remote.export("tag:java", ("name", "kind"), "-name", str(path)) == f"3 entities written to {path}"
    assert path.read_text() == "name,kind\nc,Component\nb,Component\na,Component\n"
    with pytest.raises(RefusedError, match="is there already"):
        remote.export("", ("name",), "name", str(path))
    with pytest.raises(RefusedError, match="does not say the format") as raised:
        remote.export("", ("name",), "name", str(tmp_path / "out"))
    assert "csv" in raised.value.hint
    with pytest.raises(RefusedError, match="cannot be written"):
        remote.export("", ("name",), "name", str(tmp_path / "none" / "out.csv"))
    assert (
        "metadata:"
        in (remote.export("name:d", ("name",), "name", str(tmp_path / "o.yaml")), tmp_path / "o.yaml")[1].read_text()
    )


def test_any_path_is_offered_as_a_column_with_a_value(remote: Remote) -> None:
    found = {one.name: one.sample for one in sampled_columns(remote, "sort:name", ("name", "owner"))}
    assert found["name"] == "a"
    assert found["spec.type"] == "service"
    assert found["metadata.annotations.acme.test/pager"] == "a"
