"""What can be done at the table of entities."""

from tui.actions.action import Action, Context, moves

KINDS = ("Component", "API", "System", "Resource", "Group", "User", "Domain")
"""Kinds that have a key, from 1."""

ACTIONS: tuple[Action, ...] = (
    Action(
        "browse.filter",
        "filter",
        "Write a query line; the table follows every key. The text is kept and selected, so typing replaces it.",
        ("slash",),
        Context.BROWSE,
        "filter",
        1,
        at_once=True,
    ),
    Action("browse.open", "open", "Open the entity under the cursor.", ("enter",), Context.BROWSE, "open", 2),
    Action(
        "browse.mark",
        "mark",
        "Mark the entity, or no more, and go on to the next.",
        ("space",),
        Context.BROWSE,
        "mark",
        3,
    ),
    Action(
        "browse.range",
        "mark a range",
        "Begin a range; the second time, mark all rows from there to here.",
        ("V",),
        Context.BROWSE,
        "range",
    ),
    Action(
        "browse.mark-all",
        "mark all",
        "Mark all entities that match; where all are marked, take their marks away.",
        ("A",),
        Context.BROWSE,
        "mark_all",
    ),
    Action("browse.unmark", "unmark all", "Take all marks away.", ("u",), Context.BROWSE, "unmark"),
    Action(
        "browse.facets",
        "facets",
        "Show the facets and go there, or hide them.",
        ("F",),
        Context.BROWSE,
        "facets",
    ),
    Action("browse.sort", "sort", "Pick the column to sort by, or a further one.", ("s",), Context.BROWSE, "sort", 4),
    Action(
        "browse.views",
        "views",
        "Go to a saved view, to what is yours, starred or recent, or save this line under a name.",
        ("v",),
        Context.BROWSE,
        "views",
        twin="view list",
    ),
    Action(
        "browse.star",
        "star",
        "Star the entity, or no more; @starred finds them.",
        ("asterisk",),
        Context.BROWSE,
        "star",
    ),
    Action(
        "browse.columns",
        "columns",
        "Choose columns, by any path, and their order; the table shows them at once.",
        ("c",),
        Context.BROWSE,
        "columns",
    ),
    Action("browse.group", "group by", "Pick the field whose values make groups.", ("b",), Context.BROWSE, "group"),
    Action("browse.flip", "flip order", "Turn the sort order round.", ("S",), Context.BROWSE, "flip"),
    Action(
        "browse.apply",
        "apply changes",
        "Show rows that came, went or moved while you were reading.",
        ("r",),
        Context.BROWSE,
        "apply",
    ),
    Action(
        "browse.copy",
        "copy",
        "Copy the ref (y again), the name, the YAML, the URL, the row or the command (OSC 52).",
        ("y",),
        Context.BROWSE,
        "copy",
    ),
    Action(
        "browse.source",
        "open source",
        "Open the file the entity is written in; without a browser, copy its URL.",
        ("o",),
        Context.BROWSE,
        "source",
    ),
    Action(
        "browse.sql", "as SQL", "The query line as SQL.", ("equals_sign",), Context.BROWSE, "sql", twin="list --as sql"
    ),
    Action(
        "browse.clear",
        "clear filter",
        "Empty the query line and show everything.",
        ("escape",),
        Context.BROWSE,
        "clear",
    ),
    *(
        Action(
            f"browse.kind-{number}",
            f"kind {kind}",
            f"Entities of the kind {kind}; again: of all kinds.",
            (str(number),),
            Context.BROWSE,
            f"kind('{kind}')",
        )
        for number, kind in enumerate(KINDS, 1)
    ),
    Action(
        "browse.back",
        "back",
        "The view before: filter, order, columns, cursor and place as they were.",
        ("left_square_bracket",),
        Context.BROWSE,
        "back",
    ),
    Action(
        "browse.forward",
        "forward",
        "The view that was left by going back.",
        ("right_square_bracket",),
        Context.BROWSE,
        "forward",
    ),
    Action("browse.pane", "next pane", "To the facets, the table, the preview.", ("tab",), Context.BROWSE, "pane(1)"),
    Action("browse.pane-before", "pane before", "To the pane before.", ("shift+tab",), Context.BROWSE, "pane(-1)"),
    *moves(Context.BROWSE),
)
