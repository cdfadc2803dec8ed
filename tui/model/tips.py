"""One useful key at a time, each told once: what makes the next step easy."""

from tui.actions.action import Context

TIPS: dict[Context, tuple[tuple[str, str], ...]] = {
    Context.BROWSE: (
        ("filter", "tip: / filters as you type, owner:@me is what is yours"),
        ("palette", "tip: ^p finds every command, and any entity by a few letters"),
        ("register", "tip: a adds a location, and shows what it would bring before"),
    ),
    Context.ENTITY: (("tabs", "tip: the digits are the tabs, tab is the next one"),),
    Context.LOCATIONS: (("refresh", "tip: R has the location of the row read again now, from any screen"),),
    Context.PROBLEMS: (("known", "tip: space puts a problem aside that is known"),),
    Context.SQL: (("sql", "tip: ^r asks; f5 leads to the tables, enter there shows columns"),),
    Context.LOG: (("command", "tip: y copies a line as the command that does the same"),),
}
"""By place, in the order in which they are told: one a visit."""
