"""What can be done at one entity, and within its tabs."""

from tui.actions.action import Action, Context, moves
from tui.actions.edit import writing

_TABS = (
    ("overview", "Fields, relations, problems, source, and the cards of its layout."),
    ("yaml", "The entity, the lines of its file, and what lies over the file, as YAML."),
    ("relations", "What it depends on and what depends on it, as a tree one can walk."),
    ("api", "The operations of an API definition, and its text."),
    ("history", "What commits and people changed, field by field."),
    ("errors", "What is wrong with it, and in which line."),
    ("activity", "What builds, deployments and other systems reported."),
    ("inspect", "Identity, source, ancestry, what was read beside it, JSON."),
)

ACTIONS: tuple[Action, ...] = (
    *(
        Action(f"entity.{name}", name, help_, (str(number),), Context.ENTITY, f"tab('{name}')")
        for number, (name, help_) in enumerate(_TABS, 1)
    ),
    Action("entity.next", "next tab", "The next tab.", ("tab",), Context.ENTITY, "turn_tab(1)"),
    Action("entity.previous", "previous tab", "The tab before.", ("shift+tab",), Context.ENTITY, "turn_tab(-1)"),
    Action(
        "entity.enter",
        "go there",
        "Go where the line under the cursor leads: an entity, a link, a line of the file, the history of a field.",
        ("enter",),
        Context.ENTITY,
        "enter",
        2,
    ),
    Action(
        "entity.why",
        "why",
        "Why the field under the cursor says what it says: file, line, commit and author, or who set it and when.",
        ("w",),
        Context.ENTITY,
        "why",
        3,
        twin="catalog why REF FIELD",
    ),
    Action(
        "entity.open",
        "open link",
        "Open a link of the entity in the browser; where there is none, copy it (OSC 52).",
        ("o",),
        Context.ENTITY,
        "open_link",
    ),
    Action(
        "entity.copy",
        "copy",
        "Copy the ref (`y` again), the name, the YAML, the URL, or the command that shows the same (OSC 52).",
        ("y",),
        Context.ENTITY,
        "copy",
    ),
    Action(
        "entity.star",
        "star",
        "Star the entity, or no more; @starred finds them.",
        ("asterisk",),
        Context.ENTITY,
        "star",
    ),
    Action("entity.reload", "reload", "Ask the daemon again.", ("r",), Context.ENTITY, "reload"),
    Action("entity.back", "back", "Back to where you came from.", ("escape", "backspace"), Context.ENTITY, "back", 1),
    Action("entity.find", "find", "Look for words in the tab in front.", ("slash",), Context.ENTITY, "find"),
    Action("entity.next-match", "next match", "The next line that has the words.", ("n",), Context.ENTITY, "match(1)"),
    Action(
        "entity.match-before",
        "match before",
        "The line before that has the words.",
        ("N",),
        Context.ENTITY,
        "match(-1)",
    ),
    *writing(Context.ENTITY),
    *moves(Context.ENTITY),
    Action(
        "relations.turn",
        "in, out",
        "Both directions, then what it leads to, then what leads to it.",
        ("i",),
        Context.RELATIONS,
        "turn",
    ),
    Action("relations.deeper", "deeper", "Follow relations a step further.", ("plus",), Context.RELATIONS, "deepen(1)"),
    Action("relations.nearer", "nearer", "A step less.", ("minus",), Context.RELATIONS, "deepen(-1)"),
    Action(
        "relations.kind", "kind", "Show only what leads to entities of one kind.", ("f",), Context.RELATIONS, "kind"
    ),
    Action(
        "relations.roll-up",
        "roll up",
        "Systems in the place of their parts, and back.",
        ("u",),
        Context.RELATIONS,
        "roll_up",
    ),
    Action(
        "text.view",
        "view",
        "The next view: of YAML resolved, file, overlay; of an API outline, text.",
        ("v",),
        Context.TEXT,
        "view",
    ),
    Action(
        "why.history",
        "history",
        "What became of this field, commit by commit.",
        ("enter",),
        Context.WHY,
        "history",
        2,
        twin="catalog history REF --field FIELD",
    ),
    Action("why.open", "open", "Open the line in the browser, or copy its place.", ("o",), Context.WHY, "open", 3),
    Action("why.copy", "copy command", "Copy the command that says the same.", ("y",), Context.WHY, "copy", 4),
    Action("why.close", "close", "Back to the field.", ("escape", "backspace", "w"), Context.WHY, "close", 1),
    *moves(Context.WHY),
)
