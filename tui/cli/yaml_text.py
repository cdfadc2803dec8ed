"""YAML that YAML 1.2 and 1.1 readers understand alike, harmless on a terminal (R74). Imported by `-o yaml` only."""

import re
from typing import Any

import yaml

from tui.safe_text import dangerous

_NUMBER_IN_1_2 = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the base class's name
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if any(character not in "\n\t" for character in dangerous().findall(text)):
        style = '"'
    elif _NUMBER_IN_1_2.fullmatch(text):
        style = "'"
    elif "\n" in text:
        style = "|"
    else:
        style = ""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(value: Any) -> str:
    """`value` as a YAML document without `---`; keys keep their order."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    text = text.removesuffix("...\n")  # PyYAML closes a plain scalar that stands alone
    return dangerous().sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    # A text with such characters is double-quoted above, where these escapes mean the character itself.
    character = match.group()
    if character in "\n\t":
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
