"""Expressions in cards, checks and layouts: the part of JEXL that the catalog evaluates (spec 8).

`parse` reads a whole text as one expression, `parse_template` text with `<+…>` in it. Both are read once and kept.
"""

from syncd.expressions.errors import ExpressionError
from syncd.expressions.evaluation import Result, evaluate
from syncd.expressions.parser import parse
from syncd.expressions.scope import Allowance, Path, Scope, path_text
from syncd.expressions.template import Rendering, Template, parse_template
from syncd.expressions.tree import Node
from syncd.expressions.values import is_true, text_of

__all__ = [
    "Allowance",
    "ExpressionError",
    "Node",
    "Path",
    "Rendering",
    "Result",
    "Scope",
    "Template",
    "evaluate",
    "is_true",
    "parse",
    "parse_template",
    "path_text",
    "text_of",
]
