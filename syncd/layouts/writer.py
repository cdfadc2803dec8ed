"""Texts of a layout, evaluated; what had no value is remembered for the whole page."""

from syncd.expressions import ExpressionError, Path, Rendering, Scope, is_true, parse, parse_template, path_text
from syncd.expressions import evaluate as evaluate_node
from syncd.expressions.tree import Reference
from syncd.layouts.card import Replaced
from syncd.model.json import Json
from syncd.model.text import shown

MAX_WARNINGS = 100


class Writer:
    """Evaluates for one entity."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._warnings: dict[str, None] = {}
        self._missing: dict[Path, None] = {}
        self._replaced: dict[tuple[Path, Path], None] = {}

    def rendering(self, value: Json) -> Rendering:
        """A value of a layout with its expressions replaced."""
        if not isinstance(value, str):
            return Rendering("" if value is None else _plain(value))
        try:
            rendering = parse_template(value).render(self._scope)
        except ExpressionError as error:  # a layout that another version of the catalog accepted
            rendering = Rendering("—", faults=(error.message,))
        self._note(rendering)
        return rendering

    def text(self, value: Json) -> str:
        """The text alone."""
        return self.rendering(value).text

    def holds(self, condition: Json, named: dict[str, bool]) -> bool:
        """Whether the `if` of a case holds; without one it does. `named` are conditions that have a name."""
        if not isinstance(condition, str):
            return condition is not False
        try:
            node = parse(condition)
        except ExpressionError as error:
            self.warn(f"if: {shown(condition)}: {error.message}")
            return False
        if isinstance(node, Reference) and len(node.path) == 1 and node.path[0] not in self._scope.entity:
            name = str(node.path[0])
            if name not in named:
                self.warn(f"the condition {name} is not known here and does not hold")
            return named.get(name, False)
        result = evaluate_node(node, self._scope)
        self._note(Rendering("", (), result.replaced, (result.fault,) if result.fault else ()))
        return is_true(result.value)

    def warn(self, warning: str) -> None:
        """Tell the readers of the page."""
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings[warning] = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """All that was told, each once."""
        return tuple(self._warnings)

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Paths that had no value."""
        return tuple(map(path_text, self._missing))

    @property
    def replaced(self) -> tuple[Replaced, ...]:
        """Paths whose value was found elsewhere."""
        return tuple(Replaced(path_text(asked), path_text(used)) for asked, used in self._replaced)

    def _note(self, rendering: Rendering) -> None:
        self._missing.update(dict.fromkeys(rendering.missing))
        self._replaced.update(dict.fromkeys(rendering.replaced))


def why_absent(rendering: Rendering) -> str:
    """Why a text holds a dash: `no value at metadata.x`."""
    missing = ", ".join(map(path_text, rendering.missing))
    return "; ".join([*([f"no value at {missing}"] if missing else []), *rendering.faults])


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
