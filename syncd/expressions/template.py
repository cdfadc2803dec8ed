"""Text with expressions in it: each `<+…>` is replaced where it stands."""

from dataclasses import dataclass
from functools import lru_cache

from syncd.expressions.errors import FaultError
from syncd.expressions.evaluation import evaluate
from syncd.expressions.parser import parse_pieces
from syncd.expressions.scope import Path, Scope
from syncd.expressions.tree import Node
from syncd.expressions.values import checked, text_of

DASH = "—"
"""What stands where an expression has no value."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A text with its expressions replaced; a dash where one has no value: `missing` and `faults` say why."""

    text: str
    missing: tuple[Path, ...] = ()
    replaced: tuple[tuple[Path, Path], ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every expression had a value."""
        return not self.missing and not self.faults


@dataclass(frozen=True, slots=True)
class Template:
    """Pieces of text and expressions, in order."""

    pieces: tuple[str | Node, ...]

    def render(self, scope: Scope) -> Rendering:
        """The text for an entity; never an exception, whatever the entity holds."""
        shown: list[str] = []
        missing: dict[Path, None] = {}
        replaced: dict[tuple[Path, Path], None] = {}
        faults: list[str] = []
        for piece in self.pieces:
            if isinstance(piece, str):
                shown.append(piece)
                continue
            result = evaluate(piece, scope)
            missing.update(dict.fromkeys(result.missing))
            replaced.update(dict.fromkeys(result.replaced))
            fault = result.fault
            try:
                text = DASH if result.value is None else text_of(result.value)
            except FaultError as error:
                text, fault = DASH, str(error)
            if text == DASH and result.value is None and not result.missing and not fault:
                fault = "the expression has no result"
            faults += [fault] if fault else []
            shown.append(text)
        try:
            text = checked("".join(shown))
            scope.allowance.spend(len(text))
        except FaultError as error:
            return Rendering(DASH, (), tuple(replaced), (str(error),))
        return Rendering(text, tuple(missing), tuple(replaced), tuple(faults))


@lru_cache(maxsize=1024)
def parse_template(text: str) -> Template:
    """Read a text once; `ExpressionError` with the position in `text` where an expression in it is refused."""
    if "<+" not in text:
        return Template((text,) if text else ())
    return Template(parse_pieces(text))
