"""What can be done at the SQL console."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action(
        "sql.run",
        "run",
        "Ask the question, or what is marked of it. It runs on a copy of the catalog and can change nothing.",
        ("ctrl+r",),
        Context.SQL,
        "run",
        1,
        at_once=True,
        twin="catalog sql",
    ),
    Action(
        "sql.cancel",
        "cancel",
        "Wait for the answer no longer; the daemon ends the question within its own limit.",
        ("ctrl+x",),
        Context.SQL,
        "cancel",
        2,
        at_once=True,
    ),
    Action("sql.history", "history", "Choose a question that was asked before.", ("f8",), Context.SQL, "history", 3),
    Action(
        "sql.export",
        "export",
        "Write the whole answer into a file: csv, tsv, json, jsonl, yaml, md or parquet, by its ending.",
        ("x",),
        Context.SQL,
        "export",
        4,
        local=True,
        twin="catalog sql -o",
    ),
    Action("sql.copy", "copy row", "Copy the row under the cursor, with tabs (OSC 52).", ("y",), Context.SQL, "copy"),
    Action(
        "sql.command",
        "copy command",
        "Copy the question as the command that asks it (OSC 52).",
        ("c",),
        Context.SQL,
        "copy_command",
    ),
    Action(
        "sql.take",
        "columns, insert",
        "Show the columns of the table under the cursor; write a column's name into the question.",
        ("enter",),
        Context.SQL,
        "take",
    ),
    Action("sql.back", "back", "Back to the entities; the question is kept.", ("escape",), Context.SQL, "back"),
    *moves(Context.SQL),
)
