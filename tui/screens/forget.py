"""Forgetting orphans: entities that no source has any more."""

import shlex
from collections.abc import Sequence
from typing import ClassVar

from tui.actions import Context
from tui.model.parting import Parting, of_orphans
from tui.model.source import RefusedError
from tui.screens.desk import Desk
from tui.screens.removal import RemovalScreen
from tui.widgets.keys import bindings


class ForgetScreen(RemovalScreen):
    """One orphan, or all that are marked."""

    PLACE = "Forget orphans"
    CONTEXT = Context.FORGET
    BINDINGS: ClassVar = bindings(Context.FORGET)
    ENDS = "X forgets them"
    DONE = "forgotten"

    def __init__(self, desk: Desk, refs: Sequence[str]) -> None:
        super().__init__(desk)
        self._refs = tuple(refs)

    def ask(self) -> Parting:
        """Which of them are orphans, and what points at them."""
        return of_orphans(self.desk.source, self._refs)

    def part(self, parting: Parting) -> None:
        """Forget one after the other; one that is gone already is no failure."""
        for number, ref in enumerate(parting.refs):
            try:
                self.desk.source.forget_orphan(ref)
            except RefusedError as error:
                if error.code != "not_found":
                    done = f"{number} of {len(parting.refs)} are forgotten; " if number else ""
                    raise RefusedError(f"{done}{error}", hint=error.hint) from error

    def removed(self) -> None:
        """What is gone is not marked."""
        if self.parting:
            self.desk.marks.remove(self.parting.refs)

    @property
    def command(self) -> str:
        """The command that does the same."""
        refs = self.parting.refs if self.parting else self._refs
        return shlex.join(["catalog", "forget", *refs])
