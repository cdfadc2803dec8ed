"""Custom properties, and Port's blueprints and entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.client.connection import CHANGES_SECONDS, Connection, segment

if TYPE_CHECKING:
    from tui.answers import JsonObject
    from tui.property_answers import EntityProperties, PropertyChange, PropertyEffect, PropertyRecord


class Properties(Connection):
    """Custom properties, and Port's blueprints and entities."""

    def properties(self, ref: str) -> EntityProperties:
        """The custom properties of one entity, with git's values and those in force."""
        return cast("EntityProperties", self._get(f"/entities/{segment(ref)}/properties"))

    def all_properties(self, path: str = "", *, unattached: bool = False) -> list[PropertyRecord]:
        """Every record, or those at one path; `unattached`: only those whose entity is not there."""
        parameters = {"path": path, "unattached": "true" if unattached else None}
        return cast("list[PropertyRecord]", self._get("/properties", parameters)["items"])

    def change_properties(
        self,
        changes: Sequence[PropertyChange],
        *,
        source: str,
        dry_run: bool = False,
        pass_over_unknown: bool = False,
        store_unattached: bool = False,
    ) -> list[PropertyEffect]:
        """Make all of these changes or none of them; what became of each, in order.

        Those of entities that do not exist are refused, unless they are passed over, or stored for when they come.
        """
        body: JsonObject = {"changes": list(changes), "source": source}
        flags = {"dry_run": dry_run, "pass_over_unknown": pass_over_unknown, "store_unattached": store_unattached}
        body |= {name: True for name, is_set in flags.items() if is_set}
        return cast("list[PropertyEffect]", self._call("POST", "/properties", body=body, wait=CHANGES_SECONDS)["items"])

    def blueprint(self, identifier: str) -> JsonObject:
        """The definition of a blueprint."""
        return cast("JsonObject", self._port("GET", f"/blueprints/{segment(identifier)}")["blueprint"])

    def blueprint_entities(self, identifier: str) -> list[JsonObject]:
        """All entities of a blueprint, without what is calculated."""
        path = f"/blueprints/{segment(identifier)}/entities"
        answer = self._port("GET", path, {"exclude_calculated_properties": "true"})
        return cast("list[JsonObject]", answer["entities"])

    def put_entities(self, identifier: str, entities: Sequence[JsonObject], **flags: bool) -> JsonObject:
        """Write up to twenty entities of a blueprint: what became of each is under `entities` and `errors`."""
        set_flags = {name: "true" for name, is_set in flags.items() if is_set}
        path = f"/blueprints/{segment(identifier)}/entities/bulk"
        return cast("JsonObject", self._port("POST", path, set_flags, {"entities": list(entities)}))
