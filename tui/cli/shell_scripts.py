"""The scripts that make a shell complete `catalog`; imported by completion only."""

import os
import re
from typing import ClassVar

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

VARIABLE = "_CATALOG_COMPLETE"
"""Set by the shell's script while it asks for completions."""

PROGRAMS = ("catalog", "git-catalog")

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion type value
    response=$(env COMP_LINE="${COMP_LINE:0:$COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
%(complete_var)s=bash_complete "$1")
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            nospace) compopt -o nospace; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class _Bash(BashComplete):
    """Bash breaks words at colons, which refs and query lines are full of: the line is split here instead."""

    source_template = _BASH
    _prefix: ClassVar[str] = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor and the beginning of the one under it."""
        line = os.environ.get("COMP_LINE", "")
        words = _words(line)
        incomplete = words.pop() if words and not line[-1:].isspace() else ""
        breaks = os.environ.get("COMP_WORDBREAKS", "")
        at = max((incomplete.rfind(character) for character in ":=" if character in breaks), default=-1)
        type(self)._prefix = incomplete[: at + 1]
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """The word without the part that bash will keep; what waits for a value gets no space."""
        kind = "nospace" if item.type == "plain" and item.value.endswith((":", "=")) else item.type
        return f"{kind},{item.value.removeprefix(self._prefix)}"


class _Fish(FishComplete):
    """A word may hold commas: only the first one ends the type."""

    source_template = FishComplete.source_template.replace("string split ", "string split --max 1 ")


class _Zsh(ZshComplete):
    """One function for all our names: a file that zsh loads by itself is run as a whole, so it may ask only once."""

    source_template = ZshComplete.source_template.replace("#compdef %(prog_name)s", f"#compdef {' '.join(PROGRAMS)}")

    def source(self) -> str:
        """The script."""
        named = f"compdef {self.func_name} "
        return super().source().replace(f"{named}{self.prog_name}", f"{named}{' '.join(PROGRAMS)}")


def _words(line: str) -> list[str]:
    return [part.replace('"', "").replace("'", "") for part in re.findall(r"(?:[^\s\"']|\"[^\"]*\"?|'[^']*'?)+", line)]


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}
SHELLS = tuple(_SHELLS)


def register() -> None:
    """Make click use the scripts of this module."""
    for shell, complete in _SHELLS.items():
        add_completion_class(complete, shell)


def script(shell: str) -> str:
    """What to put into the shell's start-up file."""
    from tui.cli.main import cli

    programs = PROGRAMS[:1] if shell == "zsh" else PROGRAMS
    return "\n".join(_SHELLS[shell](cli, {}, program, VARIABLE).source() for program in programs)
