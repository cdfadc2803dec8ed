"""What leaves the screen: copies, the file an entity is written in, the line as SQL, the menu of a row."""

from textual import on

from tui.actions import of
from tui.model.addresses import Address, fit
from tui.model.commands import get_command, list_command
from tui.model.courier import Answer
from tui.model.lines import Tone
from tui.model.source import EntityDetails, RefusedError
from tui.model.symbols import Mark
from tui.model.yaml_text import as_yaml
from tui.screens.browse.table import BrowseTable
from tui.screens.messages import SqlWanted, TextMade
from tui.widgets.entity_table import EntityTable
from tui.widgets.facet_pane import FacetPane

EXPORTED = "csv tsv json jsonl yaml md txt parquet"
"""Endings that a file may have."""
IN_MENU = ("open", "copy", "source", "mark", "star", "edit")
"""Actions of the menu that the other mouse button opens, as far as there are such."""


class Copying(BrowseTable):
    """Copies say what was copied; what has to be asked for first is copied when it comes."""

    def action_copy(self) -> None:
        """Choose what of the row is copied: `y` again is the ref."""
        from tui.screens.choice_picker import Choice, ChoicePicker

        ref = self.table.ref
        if not ref:
            return
        choices = (
            Choice("ref", "ref", ref, key="y"),
            Choice("name", "name", ref.rpartition("/")[2], key="n"),
            Choice("yaml", "YAML", "the whole entity", key="t"),
            Choice("url", "URL", "of the file it is written in", key="u"),
            Choice("row", "row", "the cells, with tabs", key="w"),
            Choice("get", "command", get_command(ref), key="c"),
            Choice("list", "command of the view", list_command(self.table.view.query), key="l"),
        )
        self.app.push_screen(ChoicePicker("Copy", choices), lambda chosen: self._copy(chosen, ref))

    def _copy(self, chosen: str | None, ref: str) -> None:
        row = self.table.model.row(self.table.row_number)
        match chosen:
            case "ref":
                self.copy(ref)
            case "name":
                self.copy(ref.rpartition("/")[2])
            case "get":
                self.copy(get_command(ref))
            case "list":
                self.copy(list_command(self.table.view.query))
            case "row" if row is not None:
                self.copy("\t".join(cell or "" for cell in row.cells[: len(self.table.view.columns)]))
            case "yaml" | "url":
                self._ask_text(chosen, ref)

    def action_source(self) -> None:
        """Open the file the entity is written in; without a browser, copy its URL."""
        if self.table.ref:
            self._ask_text("open", self.table.ref)

    def action_sql(self) -> None:
        """The line as SQL."""
        self._ask_sql("")

    @on(FacetPane.SqlWanted)
    def _facet_sql(self, event: FacetPane.SqlWanted) -> None:
        self._ask_sql(event.field)

    def _ask_sql(self, facet: str) -> None:
        query, source = self.table.view.query, self.desk.source
        self.desk.courier.send(
            "text", lambda: source.sql_of(query, facet), lambda answer: self.post_message(TextMade("sql", answer))
        )

    def action_export(self) -> None:
        """Write all that matches into a file."""
        from tui.screens.text_prompt import TextPrompt

        self.app.push_screen(TextPrompt("Export to", "catalog.csv", EXPORTED), self._export)

    def _export(self, path: str | None) -> None:
        if path:
            view, source = self.table.view, self.desk.source
            self.notice.say(Mark.WAITING, f"writing {path} {self.desk.symbols.ellipsis}")
            self.desk.courier.send(
                "export",
                lambda: source.export(view.rows, view.columns, view.order, path),
                lambda answer: self.post_message(TextMade("export", answer)),
            )

    def _ask_text(self, what: str, ref: str) -> None:
        source = self.desk.source

        def text() -> str:
            details = source.entity(ref)
            return as_yaml(details.entity) if what == "yaml" else _url(details)

        self.desk.courier.send("text", text, lambda answer: self.post_message(TextMade(what, answer)))

    @on(TextMade)
    def _text_made(self, event: TextMade) -> None:
        text = _said(event.answer)
        if not text:
            error = event.answer.error
            hint = error.hint if isinstance(error, RefusedError) and error.hint else ""
            said = str(event.answer.error or "it is not written in a file that has a URL")
            self.notice.say(Mark.WARNING, f"{said} ({hint})" if hint else said)
        elif event.what == "export":
            self.notice.say(Mark.OK, text, Tone.TEXT)
        elif event.what == "sql":
            self.post_message(SqlWanted(text))
        elif event.what == "open" and (url := fit(text)):
            from tui.screens.link_picker import offer

            offer(self.app, [Address("its place on the web", url)])
        else:
            self.copy(text, "the YAML" if event.what == "yaml" else "")

    @on(EntityTable.MenuWanted)
    def _menu(self) -> None:
        """What can be done with the row, on the other mouse button."""
        from tui.screens.choice_picker import Choice, ChoicePicker

        known = {action.id.partition(".")[2]: action for action in of(self.CONTEXT)}
        shown = [known[name] for name in IN_MENU if name in known]
        choices = [
            Choice(action.method, action.title, key=action.key if len(action.key) == 1 else "") for action in shown
        ]

        def chosen(method: str | None) -> None:
            if method:
                self.call_later(self.run_action, method)

        self.app.push_screen(ChoicePicker(self.table.ref, choices), chosen)


def _said(answer: Answer[str]) -> str:
    return answer.value or ""


def _url(details: EntityDetails) -> str:
    if details.url:
        return details.url
    place = f"{details.path}:{details.line}" if details.line else details.path
    return f"{details.repository} {place}".strip()
