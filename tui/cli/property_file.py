"""Custom properties as YAML: what `properties export` writes, and `properties import` reads.

    component:default/warehouse:
      metadata.codeCoverageScore:
        replace: 33

The key of a value is its mode. `source`, `set_by` and `set_at` may stand beside it, for people.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.pipeline import carried_out
from tui.cli.ingestion.record import Record
from tui.cli.ingestion.report import Report
from tui.cli.ingestion.source import content_of, name_of
from tui.cli.property_changes import BATCH, property_sender, property_unit

if TYPE_CHECKING:
    from tui.client import Client
    from tui.property_answers import Mode, PropertyChange, PropertyRecord

MODES = ("replace", "append", "union")
PROVENANCE = ("source", "set_by", "set_at")
HEADING = "# Custom properties of the catalog: `catalog properties import` stores them.\n"


class Entry(NamedTuple):
    """One property of the file, and its line."""

    line: int
    ref: str
    path: str
    mode: "Mode"
    value: Any


def written(records: "Sequence[PropertyRecord]", *, provenance: bool = False) -> Iterator[str]:
    """The file in pieces. Records come by ref and path, and so they stand in it."""
    from tui.cli.yaml_text import yaml_text

    yield HEADING
    if not records:
        yield "{}\n"
    for ref, found in groupby(records, key=lambda one: one["ref"]):
        said: dict[str, Any] = {}
        for one in found:
            values: dict[str, Any] = {**one}
            beside = {name: values[name] for name in PROVENANCE} if provenance else {}
            said[one["path"]] = {one["mode"]: one["value"]} | beside
        yield yaml_text({ref: said})


def read_property_file(file: str) -> list[Entry]:
    """The entries of a file, or of standard input for `-`. Raises `Failure` where it is not such a file."""
    from tui.model.yaml_values import Values, YamlFault, documents

    try:
        values = Values()
        return [entry for document in documents(content_of(file)) for entry in _entries(document, values)]
    except YamlFault as fault:
        raise Failure(
            str(fault),
            where=f"{name_of(file)}:{fault.line}",
            next_step="the form is what `properties export` writes: ref, below it paths, below these mode and value",
            code=ExitCode.USAGE,
        ) from fault


def import_units(client: "Client", entries: Iterable[Entry], report: Report, *, dry_run: bool) -> None:
    """Store what differs from what the catalog holds, and tell the report what became of it."""
    held = {(one["ref"], one["path"]): one for one in client.all_properties()}
    units = []
    for ref, found in groupby(entries, key=lambda one: one.ref):
        changes: list[PropertyChange] = []
        mine = list(found)
        for entry in mine:
            before = held.get((entry.ref, entry.path))
            report.read()
            if before is not None and before["mode"] == entry.mode and _equal(before["value"], entry.value):
                report.count("same")
                continue
            if before is not None and entry.mode != "replace":  # else it would be added to what is there
                changes.append({"ref": ref, "path": entry.path, "op": "remove"})
            changes.append({"ref": ref, "path": entry.path, "op": entry.mode, "value": entry.value})
        if changes:
            units.append(property_unit(ref, changes, Record(mine[0].line, {})))
    send = property_sender(client, "import", dry_run=dry_run, store_unattached=True)
    for outcome in carried_out(units, send, most=BATCH):
        if outcome.reason:
            report.reject(outcome.unit.record.line if outcome.unit.record else 0, outcome.unit.ref, outcome.reason)
            continue
        for change, effect in zip(outcome.unit.body, outcome.effects, strict=True):
            if change["op"] != "remove":
                known = (change["ref"], change["path"]) in held
                report.count("updated" if known and effect == "added" else effect)


def _equal(one: Any, other: Any) -> bool:
    """As JSON: true is not 1, and 1 is not 1.0."""
    return json.dumps(one) == json.dumps(other)


def _entries(document: Any, values: Any) -> Iterator[Entry]:
    from tui.model.yaml_values import YamlFault, members

    for ref, properties in members(document):
        for path, said in members(properties):
            modes = [(name, placed) for name, placed in members(said) if name not in PROVENANCE]
            if len(modes) != 1 or modes[0][0] not in MODES:
                raise YamlFault(said.line, f"expected one of {', '.join(MODES)} below {path}")
            mode, placed = modes[0]
            yield Entry(said.line, ref, path, cast("Mode", mode), values.value(placed))
