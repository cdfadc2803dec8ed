"""Rows in groups, which can be folded."""

from textual import on

from tui.model.groups import Groups, in_row_order
from tui.screens.browse.table import BrowseTable
from tui.screens.messages import GroupsArrived

FIELDS = ("kind", "owner", "lifecycle", "type", "system", "domain", "namespace")
"""Fields that are offered: an entity has one value of each."""


class Grouping(BrowseTable):
    """Groups are counted once an answer; until they are, and where their order is not known, rows have no headings."""

    def answered(self) -> None:
        """Other rows, other groups."""
        super().answered()
        view = self.table.view
        if not view.group:
            return
        query, source = view.query, self.desk.source
        self.desk.courier.send(
            "groups", lambda: source.groups(query), lambda answer: self.post_message(GroupsArrived(query, answer))
        )

    @on(GroupsArrived)
    def _groups_came(self, event: GroupsArrived) -> None:
        if event.answer.value is None or event.query != self.table.view.query:
            return
        folded = self.table.groups.folded if self.table.groups else ()
        falling = self.table.view.falls(self.table.view.group)
        ordered = in_row_order(event.answer.value, self.table.model.total, falling=falling)
        self.table.show_groups(Groups(ordered, folded))

    @property
    def has_row(self) -> bool:
        """Whether the cursor stands on an entity, or on a heading, which can be opened, too."""
        return super().has_row or bool(self.table.groups and self.table.groups.heading(self.table.cursor))

    def action_group(self) -> None:
        """Pick the field whose values make groups."""
        from tui.screens.choice_picker import Choice, ChoicePicker

        choices = [Choice("", "no groups"), *(Choice(field, field) for field in FIELDS)]

        def chosen(field: str | None) -> None:
            if field is not None:
                self.go(self.view.grouped_by(field))

        self.app.push_screen(ChoicePicker("Group by", choices), chosen)

    def action_fold(self) -> None:
        """Fold all groups; where they are, unfold them."""
        if self.table.groups:
            self.table.show_groups(self.table.groups.all_toggled())

    def action_open(self) -> None:
        """Open the entity; on the heading of a group, fold or unfold it."""
        groups = self.table.groups
        heading = groups.heading(self.table.cursor) if groups else None
        if groups and heading:
            self.table.show_groups(groups.toggled(heading.value))
        else:
            super().action_open()
