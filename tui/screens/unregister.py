"""Removing a location with what only it has."""

import shlex
from typing import ClassVar

from tui.actions import Context
from tui.model.parting import Parting, of_location
from tui.screens.desk import Desk
from tui.screens.removal import RemovalScreen
from tui.widgets.keys import bindings


class UnregisterScreen(RemovalScreen):
    """The location's name has to be typed where much would leave."""

    PLACE = "Unregister a location"
    CONTEXT = Context.UNREGISTER
    BINDINGS: ClassVar = bindings(Context.UNREGISTER)
    ENDS = "X unregisters"
    DONE = "unregistered"

    def __init__(self, desk: Desk, location_id: str) -> None:
        super().__init__(desk)
        self._location = location_id

    def ask(self) -> Parting:
        """What would leave with it."""
        return of_location(self.desk.source, self._location)

    def part(self, parting: Parting) -> None:
        """Unregister."""
        del parting
        self.desk.source.remove_location(self._location)

    @property
    def command(self) -> str:
        """The command that does the same."""
        return shlex.join(["catalog", "location", "remove", self._location])
