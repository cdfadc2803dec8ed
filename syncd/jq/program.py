"""What a jq program finds around it: nothing of the machine, and no way to end the process or to read on."""

import re
from typing import Final

_CLOSED: Final = (
    *("input", "inputs", "env", "input_filename", "input_line_number", "get_search_list", "modulemeta"),
    *("halt", "halt_error", "halt_error(f)"),
)
_SILENT: Final = ("debug", "debug(f)", "stderr")

PRELUDE: Final = (
    "".join(f'def {name}: error("{name.partition("(")[0]} is not available"); ' for name in _CLOSED)
    + "".join(f"def {name}: .; " for name in _SILENT)
    + "{} as $ENV |\n"
)
"""One line before each program. Whatever is closed is defined anew there, and `import` and `include` are no longer at
the beginning, where alone they are allowed."""

_ERROR: Final = re.compile(r"jq: error: (.*?) at <top-level>, line (\d+), column (\d+)", re.DOTALL)
_LONGEST: Final = 300


def compile_fault(text: str) -> str:
    """What jq says of a program that it cannot read, with lines counted from the program's first."""
    found = _ERROR.search(text)
    if found is None:
        return runtime_fault(text)
    what, line, column = found.groups()
    return f"{what[:_LONGEST]} (line {max(1, int(line) - 1)}, column {column})"


def runtime_fault(text: str) -> str:
    """What a program failed with, in one line."""
    return " ".join(text.split())[:_LONGEST] or "the program failed"
