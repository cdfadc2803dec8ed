"""An entity as YAML, for reading. PyYAML is imported when somebody looks, not when the screen comes up."""

from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 2_000_000
"""Characters of YAML shown; the rest is announced, not shown."""


def as_yaml(entity: Mapping[str, Any]) -> str:
    """The entity in its own key order; texts of several lines as block literals, as their authors wrote them."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes block literals and no aliases."""

        def ignore_aliases(self, data: object) -> bool:
            """Write a value out each time: an anchor says nothing to a reader."""
            del data
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    written: str = yaml.dump(dict(entity), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=4096)
    if len(written) > LONGEST_TEXT:
        return f"{written[:LONGEST_TEXT]}\n# cut here: {len(written) - LONGEST_TEXT} characters more\n"
    return written
