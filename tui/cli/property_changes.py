"""Changes of custom properties on their way to the daemon, one unit an entity or a row."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.ingestion.pipeline import Outcome, Send, Unit

if TYPE_CHECKING:
    from tui.cli.ingestion.record import Record
    from tui.client import Client
    from tui.property_answers import PropertyChange

BATCH = 500
"""Changes of one request."""


def property_unit(ref: str, changes: Sequence["PropertyChange"], record: "Record | None" = None) -> Unit:
    """The changes of one entity, which are made together or not at all."""
    return Unit(ref, changes, len(json.dumps(changes)), len(changes), record)


def property_sender(client: "Client", source: str, *, dry_run: bool = False, store_unattached: bool = False) -> Send:
    """Requests for `carried_out`: entities that do not exist are passed over, or stored for when they come."""

    def send(units: Sequence[Unit]) -> list[Outcome]:
        changes = [change for unit in units for change in unit.body]
        effects = iter(
            client.change_properties(
                changes,
                source=source,
                dry_run=dry_run,
                pass_over_unknown=not store_unattached,
                store_unattached=store_unattached,
            )
        )
        told = [(unit, [next(effects) for _ in unit.body]) for unit in units]
        return [Outcome(unit, [one["effect"] for one in answers], answers=answers) for unit, answers in told]

    return send
