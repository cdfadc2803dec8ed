"""What can be done where entities are edited: the form, the review, a conflict, the list of edits."""

from tui.actions.action import Action, Context, moves

ACTIONS: tuple[Action, ...] = (
    Action("form.change", "change", "Change the value of the line, or add one.", ("enter",), Context.FORM, "change", 2),
    Action(
        "form.remove", "take away", "Take the value, the item, or the entry away.", ("x",), Context.FORM, "remove", 3
    ),
    Action("form.put-back", "put back", "Let the field say what the file says.", ("u",), Context.FORM, "put_back"),
    Action(
        "form.review",
        "review",
        "Look at the difference, choose where it is written; nothing is written yet.",
        ("r",),
        Context.FORM,
        "review",
        4,
        writes=True,
    ),
    Action(
        "form.raw", "raw YAML", "The whole document in your editor instead.", ("E",), Context.FORM, "raw", writes=True
    ),
    Action(
        "form.leave",
        "leave",
        "Leave the form; what was changed is kept as a draft, or thrown away.",
        ("escape",),
        Context.FORM,
        "leave",
        1,
    ),
    *moves(Context.FORM),
    Action(
        "review.write",
        "write",
        "Write what is shown. Nothing else writes, and no key that brought you here does.",
        ("W",),
        Context.REVIEW,
        "write",
        2,
        writes=True,
    ),
    Action(
        "review.target",
        "where to",
        "The next place to write to: a commit, a branch of its own, beside git.",
        ("t",),
        Context.REVIEW,
        "target",
        3,
    ),
    Action("review.message", "message", "Change the message of the commit.", ("m",), Context.REVIEW, "message", 4),
    Action(
        "review.view", "side by side", "The difference side by side, or in one column.", ("v",), Context.REVIEW, "view"
    ),
    Action("review.copy", "copy command", "Copy the command that does the same.", ("y",), Context.REVIEW, "copy"),
    Action("review.back", "back", "Back; nothing is written.", ("escape",), Context.REVIEW, "back", 1),
    *moves(Context.REVIEW),
    Action("conflict.mine", "mine", "Write what you changed it to.", ("m",), Context.CONFLICT, "choose('mine')", 2),
    Action("conflict.theirs", "theirs", "Leave what is there now.", ("t",), Context.CONFLICT, "choose('theirs')", 3),
    Action(
        "conflict.both",
        "both",
        "Both in one, where they do not touch the same thing.",
        ("b",),
        Context.CONFLICT,
        "choose('both')",
        4,
    ),
    Action("conflict.go-on", "go on", "Review what comes of it.", ("r",), Context.CONFLICT, "go_on"),
    Action("conflict.back", "back", "Decide nothing; the draft is kept.", ("escape",), Context.CONFLICT, "back", 1),
    *moves(Context.CONFLICT),
    Action(
        "edits.undo",
        "undo",
        "Take the edit under the cursor back; its difference is shown first.",
        ("z",),
        Context.EDITS,
        "undo_this",
        2,
        writes=True,
        twin="catalog undo EDIT-ID",
    ),
    Action("edits.open", "open entity", "Open the entity of the edit.", ("enter",), Context.EDITS, "open", 3),
    Action("edits.copy", "copy command", "Copy the command that undoes it.", ("y",), Context.EDITS, "copy"),
    Action("edits.reload", "reload", "Ask the daemon again.", ("r",), Context.EDITS, "reload", 4),
    Action("edits.back", "back", "Back to where you came from.", ("escape", "backspace"), Context.EDITS, "back", 1),
    *moves(Context.EDITS),
    Action("editor.accept", "take", "Take the text.", ("ctrl+s",), Context.EDITOR, "accept", 1, at_once=True),
    Action("editor.cancel", "cancel", "Leave the value as it is.", ("escape",), Context.EDITOR, "cancel", 2),
)


def writing(context: Context) -> tuple[Action, ...]:
    """What can be done to the entity, or the marked entities, of a screen."""
    name = context.value
    return (
        Action(
            f"{name}.edit",
            "edit",
            "Edit fields in a form; marked entities together. A review with the difference comes before any write.",
            ("e",),
            context,
            "edit",
            4,
            writes=True,
            needs_row=True,
            twin="catalog set REF PATH=VALUE --to commit",
        ),
        Action(
            f"{name}.edit-raw",
            "edit YAML",
            "Edit the lines of its file in your editor: CATALOG_EDITOR, GIT_EDITOR, VISUAL or EDITOR.",
            ("E",),
            context,
            "edit_raw",
            writes=True,
            twin="catalog edit REF",
        ),
        Action(
            f"{name}.open-file",
            "file in editor",
            "Open its file at its line in your editor: in a work tree on this machine, else a copy, to be read.",
            ("O",),
            context,
            "open_file",
            needs_row=True,
        ),
        Action(
            f"{name}.undo",
            "undo",
            "Take back what you wrote last; its difference is shown first. Where there is nothing, the list of edits.",
            ("z",),
            context,
            "undo",
            writes=True,
            twin="catalog undo EDIT-ID",
        ),
        Action(
            f"{name}.redo",
            "redo",
            "Write again what you took back last; its difference is shown first.",
            ("Z",),
            context,
            "redo",
            writes=True,
        ),
        Action(
            f"{name}.copy-command",
            "copy command",
            "Copy the command that does the same as the last write.",
            ("Y",),
            context,
            "copy_command",
        ),
    )
