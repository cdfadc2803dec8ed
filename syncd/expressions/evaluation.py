"""An expression evaluated against an entity."""

from dataclasses import dataclass

from syncd.expressions.arithmetic import calculate, negative
from syncd.expressions.calls import FUNCTIONS, METHODS
from syncd.expressions.comparison import compare
from syncd.expressions.errors import FaultError
from syncd.expressions.scope import Path, Scope, part_of
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
from syncd.expressions.values import is_true
from syncd.model.json import Json


@dataclass(frozen=True, slots=True)
class Result:
    """What an expression says. Without a value, `missing` are the paths with none, or `fault` says why there is none.

    `replaced` are paths whose value was found elsewhere: what was asked, and where it was.
    """

    value: Json
    missing: tuple[Path, ...] = ()
    replaced: tuple[tuple[Path, Path], ...] = ()
    fault: str = ""


def evaluate(node: Node, scope: Scope) -> Result:
    """The value of an expression; never an exception, whatever the entity holds."""
    evaluator = _Evaluator(scope)
    try:
        value = evaluator.value(node)
    except FaultError as fault:
        return Result(None, (), tuple(evaluator.replaced), str(fault))
    missing = tuple(evaluator.missing) if value is None else ()
    return Result(value, missing, tuple(evaluator.replaced))


class _Evaluator:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.missing: dict[Path, None] = {}
        self.replaced: dict[tuple[Path, Path], None] = {}

    def value(self, node: Node) -> Json:
        match node:
            case Literal(value):
                return value
            case Listing(items):
                return [self.value(item) for item in items]
            case Reference(path):
                return self._at(path)
            case Part(whole, key):
                return part_of(self.value(whole), (key,))
            case Call():
                return self._called(node)
            case Not(operand):
                return not is_true(self.value(operand))
            case Minus(operand):
                return negative(self.value(operand))
            case Every(parts):
                return all(is_true(self.value(part)) for part in parts)
            case Some(parts):
                return any(is_true(self.value(part)) for part in parts)
            case Comparison(operator, left, right):
                first, second = self._weighed(left), self._weighed(right)
                return compare(operator, first, second)
            case Arithmetic(first, rest):
                return self._sum(first, rest)
            case Choice(condition, yes, no):
                return self.value(yes if is_true(self.value(condition)) else no)
            case Otherwise(first, second, only_null):
                found = self.value(first)
                stays = found is not None if only_null else is_true(found)
                return found if stays else self.value(second)

    def _at(self, path: Path) -> Json:
        value, found_at = self._scope.value(path)
        if value is None:
            self.missing[path] = None
        elif found_at != path:
            self.replaced[path, found_at] = None
        return value

    def _sum(self, first: Node, rest: tuple[tuple[str, Node], ...]) -> Json:
        total = self._weighed(first)
        for operator, node in rest:
            total = calculate(operator, total, self._weighed(node))
            self._spend(total)
        return total

    def _called(self, call: Call) -> Json:
        arguments = [self._weighed(argument) for argument in call.arguments]
        if not call.method:
            return FUNCTIONS[call.name].works(*arguments)
        return None if arguments[0] is None else METHODS[call.name].works(*arguments)

    def _weighed(self, node: Node) -> Json:
        value = self.value(node)
        self._spend(value)
        return value

    def _spend(self, value: Json) -> None:
        self._scope.allowance.spend(len(value) if isinstance(value, str | list | dict) else 0)
