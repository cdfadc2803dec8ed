"""From the text of an expression to its tree: the grammar is in `expression.lark`, this gives its rules a meaning."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from syncd.expressions.calls import FUNCTIONS, METHODS, Function
from syncd.expressions.comparison import WORDS
from syncd.expressions.errors import ExpressionError, FaultError
from syncd.expressions.pattern import compiled
from syncd.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Every,
    Listing,
    Literal,
    Minus,
    Node,
    Not,
    Otherwise,
    Part,
    Reference,
    Some,
)
from syncd.expressions.values import bounded
from syncd.model.text import shown

if TYPE_CHECKING:
    from lark import Lark, Token

MAX_TEXT = 4000
"""Characters of a text with expressions in it."""
MAX_DEPTH = 32
"""Operations inside each other."""

_HINTS: Mapping[str, str] = {
    "=": "compare with ==; nothing can be assigned",
    ";": "write one expression only",
    "{": "there are no blocks and no maps",
    "->": "there are no functions of one's own",
    ".": "a name, a quoted name or a call stands after a dot",
    "&": "write && or and",
    "|": "write || or or",
    "'": "the text that begins here has no closing quote",
    '"': "the text that begins here has no closing quote",
}
_WORD = re.compile(r"[A-Za-z0-9_$]+(?:\.[0-9]+)*|->|.", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """Read a text that is one expression, in which `<+…>` may stand for any part: `<+a> > <+b>`.

    Raises `ExpressionError` with a position for whatever the catalog does not evaluate.
    """
    _check_length(text)
    return _Reader(text).expression(_syntax(text, "expression"), 0)


def parse_pieces(text: str) -> tuple[str | Node, ...]:
    """Read text with expressions in it as pieces; `ExpressionError` as in `parse`."""
    _check_length(text)
    reader = _Reader(text)
    return tuple(
        str(piece) if piece.type == "TEXT" else reader.bracket(piece, 0) for piece in _syntax(text, "template").children
    )


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"it has {len(text)} characters, and {MAX_TEXT} is the most", MAX_TEXT)


@cache
def _grammar() -> "Lark":
    from lark import Lark  # 50 ms and 9 MB that a catalog without expressions need not spend

    return Lark.open(
        "expression.lark",
        rel_to=__file__,
        parser="lalr",
        start=["expression", "template"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def _syntax(text: str, start: str) -> Any:
    from lark import UnexpectedInput

    try:
        return _grammar().parse(text, start=start)
    except UnexpectedInput as error:
        at = error.pos_in_stream
        ended = at is None or not 0 <= at < len(text) or (getattr(getattr(error, "token", None), "type", "") == "$END")
        raise _unexpected(text, len(text) if ended or at is None else at) from None


def _unexpected(text: str, at: int) -> ExpressionError:
    found = _WORD.match(text, at)
    if found is None:
        what = "an expression is missing" if not text.strip() else "the expression ends too early"
        return ExpressionError(what, at)
    word = found.group()
    if text.startswith("<+", at):
        return ExpressionError("<+ has no closing > after it", at, "a > without blanks around it ends an expression")
    return ExpressionError(f"{shown(word)} cannot stand here", at, _HINTS.get(word, ""))


class _Reader:
    """Makes the tree of one text. Depth is counted down the tree, so that nothing deep is ever built."""

    def __init__(self, text: str) -> None:
        self._text = text

    def expression(self, tree: Any, depth: int) -> Node:
        return self.node(tree.children[0], depth)

    def node(self, branch: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} operations inside each other", branch.meta.start_pos)
        make: Callable[[Any, int], Node] = getattr(self, f"_{branch.data}")
        return make(branch, depth + 1)

    def nodes(self, branches: Any, depth: int) -> tuple[Node, ...]:
        return tuple(self.node(branch, depth) for branch in branches)

    def bracket(self, token: "Token", depth: int) -> Node:
        inside, at = token[2:-1], (token.start_pos or 0) + 2
        if not inside.strip():
            raise ExpressionError("there is nothing between <+ and >", at - 2)
        try:
            return _Reader(inside).expression(_syntax(inside, "expression"), depth + 1)
        except ExpressionError as error:
            raise error.moved(at) from None

    # -- one method a rule of the grammar

    def _ternary(self, branch: Any, depth: int) -> Node:
        return Choice(*self.nodes(branch.children, depth))

    def _if_false(self, branch: Any, depth: int) -> Node:
        first, second = self.nodes(branch.children, depth)
        return Otherwise(first, second, only_null=False)

    def _if_null(self, branch: Any, depth: int) -> Node:
        first, second = self.nodes(branch.children, depth)
        return Otherwise(first, second, only_null=True)

    def _either(self, branch: Any, depth: int) -> Node:
        return Some(self.nodes(branch.children, depth))

    def _both(self, branch: Any, depth: int) -> Node:
        return Every(self.nodes(branch.children, depth))

    def _comparison(self, branch: Any, depth: int) -> Node:
        left, token, right = branch.children
        symbol = WORDS.get(str(token), str(token))
        made = Comparison(symbol, self.node(left, depth), self.node(right, depth))
        if symbol in ("=~", "!~"):
            self._check_pattern(made.right, right)
        return made

    def _sum(self, branch: Any, depth: int) -> Node:
        first, *rest = branch.children
        pairs = zip(rest[::2], rest[1::2], strict=True)
        return Arithmetic(self.node(first, depth), tuple((str(token), self.node(one, depth)) for token, one in pairs))

    _product = _sum

    def _negation(self, branch: Any, depth: int) -> Node:
        return Not(self.node(branch.children[0], depth))

    def _minus(self, branch: Any, depth: int) -> Node:
        return Minus(self.node(branch.children[0], depth))

    def _group(self, branch: Any, depth: int) -> Node:
        return self.node(branch.children[0], depth)

    def _chain(self, branch: Any, depth: int) -> Node:
        first, *steps = branch.children
        made = self.node(first, depth)
        if len(steps) > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} steps", steps[MAX_DEPTH].meta.start_pos)
        for step in steps:
            made = self._stepped(made, step, depth)
        return made

    def _stepped(self, whole: Node, step: Any, depth: int) -> Node:
        if step.data == "method":
            return self._call_of(METHODS, step, (whole,), depth)
        key = self._key(step.data, step.children[0])
        return Reference((*whole.path, key)) if isinstance(whole, Reference) else Part(whole, key)

    def _key(self, kind: str, name: "Token") -> str | int:
        if kind == "quoted_field":
            return self._unquoted(name)
        if kind == "item":
            if not name.isdecimal() or len(name) > 6:
                raise ExpressionError("an item of a list has a whole number", name.start_pos or 0)
            return int(name)
        if name == "class":
            raise ExpressionError("classes are out of reach", name.start_pos or 0, "a field of that name is ['class']")
        return str(name)

    def _call(self, branch: Any, depth: int) -> Node:
        return self._call_of(FUNCTIONS, branch, (), depth)

    def _call_of(self, known: Mapping[str, Function], branch: Any, receiver: tuple[Node, ...], depth: int) -> Node:
        name, given = branch.children
        what = "method" if receiver else "function"
        function = known.get(name)
        if function is None:
            near = get_close_matches(name, known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise ExpressionError(f"{shown(name)} is no {what} here", name.start_pos, hint)
        if len(given.children) != function.arguments:
            wanted = f"{function.arguments} value" + ("" if function.arguments == 1 else "s")
            raise ExpressionError(f"{name} takes {wanted} in its brackets, not {len(given.children)}", name.start_pos)
        arguments = self.nodes(given.children, depth)
        if function.pattern:
            self._check_pattern(arguments[0], given.children[0])
        return Call(str(name), (*receiver, *arguments), method=bool(receiver))

    def _check_pattern(self, node: Node, branch: Any) -> None:
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            return
        try:
            compiled(node.value)
        except FaultError as fault:
            raise ExpressionError(str(fault), branch.meta.start_pos) from None

    def _list(self, branch: Any, depth: int) -> Node:
        return Listing(self.nodes(branch.children[0].children, depth))

    def _bracket(self, branch: Any, depth: int) -> Node:
        return self.bracket(branch.children[0], depth)

    def _name(self, branch: Any, _depth: int) -> Node:
        return Reference((str(branch.children[0]),))

    def _number(self, branch: Any, _depth: int) -> Node:
        token = branch.children[0]
        number = bounded(int(token)) if token.isdecimal() and len(token) < 40 else bounded(float(token))
        if number is None:
            raise ExpressionError("a number beyond all bounds", token.start_pos)
        return Literal(number)

    def _string(self, branch: Any, _depth: int) -> Node:
        return Literal(self._unquoted(branch.children[0]))

    def _true(self, _branch: Any, _depth: int) -> Node:
        return Literal(True)

    def _false(self, _branch: Any, _depth: int) -> Node:
        return Literal(False)

    def _null(self, _branch: Any, _depth: int) -> Node:
        return Literal(None)

    def _unquoted(self, token: "Token") -> str:
        """The text of a quoted literal."""
        inside = token[1:-1]
        if "<+" in inside:
            hint = "join with +, or put the brackets outside the quotes"
            raise ExpressionError(
                "<+ inside quotes is not evaluated", (token.start_pos or 0) + inside.index("<+") + 1, hint
            )
        text = _ESCAPE.sub(_character, inside)
        if not text.isascii() and any(0xD800 <= ord(one) < 0xE000 for one in text):
            raise ExpressionError("half of a character", token.start_pos or 0, "write the character itself")
        return text


def _character(escape: "re.Match[str]") -> str:
    name = escape[1]
    return chr(int(name[1:], 16)) if len(name) == 5 else _ESCAPED.get(name, name)
