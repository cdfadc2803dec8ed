r"""The query line, the dialect people type: `kind:component (owner:@me or tag:tier1) -lifecycle:old sort:-updated`.

    line    = choice                              with directives anywhere outside of brackets
    choice  = every {"or" every}
    every   = term {["and"] term}
    term    = ["-"] ( "(" choice ")" | test | word )
    test    = field ":" value {"," value}         any of the values
            | field ("=" | ">" | ">=" | "<" | "<=") value
            | "has:" field {"," field}            any of the fields is there, with a value or null
            | "ref:" ref {"," ref}
    directive = "sort:" ["-"] field {"," ["-"] field} | "cols:" column {"," column} | "group:" field

A text goes to the next space, a field to the first of `:<>=`, a value to the first comma; within brackets a `)` that
opened in no text ends it too. In double quotes nothing is special but `\"` and `\\`. Outside of them `*` is any text
and `?` one character of a value. A quoted field is a path as it is written. `docs/query.md` tells it to users.
"""

from query.dialects.line.asker import Asker
from query.dialects.line.fields import FIELDS, PREFIXES, Field
from query.dialects.line.grammar import Grouping, Line, parse_line
from query.dialects.line.printing import print_condition, print_line

__all__ = ["FIELDS", "PREFIXES", "Asker", "Field", "Grouping", "Line", "parse_line", "print_condition", "print_line"]
