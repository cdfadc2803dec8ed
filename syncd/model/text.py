"""Text from outside, made fit to stand in a sentence."""


def shown(text: str, longest: int = 80) -> str:
    """At most `longest` characters of a text, with control and invisible characters escaped."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)
