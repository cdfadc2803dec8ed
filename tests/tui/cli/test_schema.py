"""`catalog schema`."""

import json

from tests.support.daemon import Daemon
from tests.tui.cli.program import catalog


def test_a_schema_is_json_and_the_kinds_are_a_table(catalog_daemon: Daemon) -> None:
    listed = catalog(catalog_daemon.state, "schema", "-o", "tsv")
    assert "Component\tfalse" in listed.out.splitlines()
    one = catalog(catalog_daemon.state, "schema", "component")
    assert json.loads(one.out)["properties"]["spec"]["required"] == ["type", "lifecycle", "owner"]
    assert catalog(catalog_daemon.state, "schema", "component", "-o", "yaml").out.startswith("$schema:")
    unknown = catalog(catalog_daemon.state, "schema", "nothing")
    assert (unknown.code, "there is no kind nothing" in unknown.err) == (1, True)
