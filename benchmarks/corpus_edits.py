"""`make corpus-edits CORPUS=DIR`: every scalar of real descriptor files is edited, and the edit taken back.

For each scalar of each document that can be read: a random edit (the same in every run with the same seed) may change
the lines of that scalar only, says a second reader of marks, and undoing it must give the bytes back. Nothing is
written. Prints how many scalars were tried, done and refused, by reason.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_pieces
from syncd.model.json import FieldPath, Json
from syncd.patch.edit import FieldEdit
from syncd.patch.patch import patched
from syncd.patch.refusal import PatchRefusedError

SUFFIXES = (".yaml", ".yml", ".json")
MOST_REFUSED = 0.01
ADDED = "a new key"
_MANY: dict[str, Json] = {"k": "v", "l": {"m": [1, None]}}
_LIST: list[Json] = ["a", "b: c"]
_VALUES: tuple[Json, ...] = (
    *("word", "two words", "yes", "012", "1:20", "~", "", " padded ", "it's", 'say "so"', "a: b", "a #b", "#", "- x"),
    *(
        "*star",
        "[x",
        "{{ x }}",
        "grüße ☃ 😀",
        "tab\there",
        "two\nlines",
        "three\n\nlines\n",
        "x\n\n",
        "\u2028",
        "C:\\d",
    ),
    *("component:default/a", "https://x.example/y?z=1&w=2#top", "@me", "%", "end:", "?", "| x", "l" * 300),
    *(True, False, None, 0, -17, 1.5, 1e300, 2**53 + 1, [], {}, _LIST, _MANY),
)


@dataclass(slots=True)
class Account:
    """What became of the edits."""

    files: int = 0
    documents: int = 0
    unreadable: int = 0
    tried: int = 0
    done: int = 0
    witnessed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Is anything wrong, or too much refused?"""
        return bool(self.wrong) or self.refused.total() > MOST_REFUSED * self.tried


def main(arguments: Sequence[str]) -> int:
    """Edit all files below DIR in memory; 1 if anything is wrong or over 1 % is refused, 2 if there is no file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus_edits", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other edits")
    options = parser.parse_args(arguments)
    account = Account()
    for path in sorted(options.folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            account.files += 1
            if account.files % 100 == 0:
                print(f"{account.files} files, {account.tried} values", file=sys.stderr)
            edit_all(account, path.relative_to(options.folder).as_posix(), path.read_bytes(), options.seed)
    print(report(account))
    if not account.files:
        print(f"{options.folder} holds no descriptor files", file=sys.stderr)
        return 2
    return int(account.fails)


def edit_all(account: Account, name: str, content: bytes, seed: int) -> None:
    """Try every scalar of one file."""
    found = read_pieces(content, ParseLimits())
    if isinstance(found, ParseError):
        account.unreadable += 1
        return
    witness = Witness(content)
    for number, piece in enumerate(found):
        account.documents += 1
        account.unreadable += piece.failure is not None
        for path in scalars(piece.value):
            account.tried += 1
            edit = _random_edit(random.Random(f"{seed} {name} {number} {path}"), path)
            _try(account, f"{name} [{number}] {edit}", content, number, edit, piece.value, witness)


def scalars(value: Json, path: FieldPath = ()) -> Iterator[FieldPath]:
    """The paths of all values that are no collection, or an empty one."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from scalars(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from scalars(item, (*path, index))
    elif path:
        yield path


def _random_edit(chance: random.Random, path: FieldPath) -> FieldEdit:
    draw = chance.random()
    if draw < 0.15:
        return FieldEdit(path, "remove")
    new = chance.choice(_VALUES)
    if isinstance(path[-1], int) and draw < 0.5:
        return FieldEdit(path[:-1], "append", new) if draw < 0.3 else FieldEdit(path, "insert", new)
    if isinstance(path[-1], str) and draw < 0.25:
        return FieldEdit((*path[:-1], ADDED), "set", new)
    return FieldEdit(path, "set", new)


def _try(
    account: Account, what: str, content: bytes, number: int, edit: FieldEdit, value: Json, witness: "Witness"
) -> None:
    try:
        patch = patched(content, number, [edit])
        restored = patched(patch.content, number, patch.undo.edits, patch.undo.hunks).content
    except PatchRefusedError as refusal:
        account.refused[refusal.reason] += 1
        account.examples.setdefault(refusal.reason, f"{what}: {refusal}")
        return
    account.done += 1
    if restored != content:
        account.wrong.append(f"{what}: taking it back gives other bytes")
    strange = witness.strange_lines(patch.content, number, edit, value)
    account.witnessed += strange is not None
    if strange:
        account.wrong.append(f"{what}: {strange}")


class Witness:
    """Says which lines belong to a field, by the marks of PyYAML's own parser, which shares no code with ours."""

    def __init__(self, content: bytes) -> None:
        self._lines = _lines(content)
        try:
            self._roots = list(yaml.compose_all(content.decode("utf-8-sig"), Loader=yaml.SafeLoader))
        except (yaml.YAMLError, UnicodeDecodeError):
            self._roots = []

    def strange_lines(self, edited: bytes, number: int, edit: FieldEdit, value: Json) -> str | None:
        """What is changed outside of the field's lines, "" where nothing is; None where the witness cannot read."""
        if len(self._roots) <= number:
            return None
        new = _lines(edited)
        first = _alike(self._lines, new)
        last = len(self._lines) - _alike(self._lines[first:][::-1], new[first:][::-1])
        start, end = self._range(self._roots[number], edit, value)
        if first == last or (start <= first and last <= end):
            return ""
        return f"lines {first + 1} to {last} are changed, but the field has {start + 1} to {end}"

    def _range(self, node: yaml.Node, edit: FieldEdit, value: Json) -> tuple[int, int]:
        """The lines that the edit may change, from 0, the last one excluded; an edit that adds may change its list."""
        path = edit.path if edit.op == "append" else edit.path[:-1]
        start = node.start_mark.line
        for step in path:
            start, node, value = _below(node, step, value)
        assert isinstance(node, yaml.CollectionNode)
        adds = edit.op in ("append", "insert") or edit.path[-1] == ADDED
        if node.flow_style or (len(node.value) == 1 and not adds):
            return start, self._end(start, node, edit)
        if adds:
            return start, node.start_mark.line + 1
        is_first = edit.op == "remove" and edit.path[-1] in (
            0,
            next(iter(value), None) if isinstance(value, dict) else 0,
        )
        start, inner, _ = _below(node, edit.path[-1], value)
        if is_first:  # what follows may move up into the line of a `-`
            following = node.value[1]
            return start, (following[0] if isinstance(following, tuple) else following).start_mark.line + 1
        return start, self._end(start, inner, edit)

    def _end(self, start: int, node: yaml.Node, edit: FieldEdit) -> int:
        """The line behind an entry, without blank and comment lines that the rules of YAML count to a block.

        Comments that stand deeper than a key go with it.
        """
        end = node.end_mark.line + (node.end_mark.column > 0)
        while end > node.start_mark.line + 1 and _says_nothing(self._lines[end - 1], node):
            end -= 1
        margin = re.escape(self._lines[start][: _indent(self._lines[start])] + b" ")
        while edit.op == "remove" and re.match(margin + b" *#", b"".join(self._lines[end : end + 1])):
            end += 1
        return end


def _below(node: yaml.Node, step: str | int, value: Json) -> tuple[int, yaml.Node, Json]:
    """Where the entry begins, its node, and what our reader says of it."""
    if isinstance(value, dict) and isinstance(node, yaml.MappingNode):
        key, inner = node.value[list(value).index(str(step))]
        return key.start_mark.line, inner, value[str(step)]
    assert isinstance(node, yaml.SequenceNode)
    assert isinstance(value, list)
    inner = node.value[int(step)]
    return inner.start_mark.line, inner, value[int(step)]


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _lines(content: bytes) -> list[bytes]:
    """A last line without a break is the same line with one."""
    return content.splitlines()


def _says_nothing(line: bytes, node: yaml.Node) -> bool:
    literal = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return not line.strip() or (not literal and line.lstrip().startswith(b"#"))


def _alike(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def report(account: Account) -> str:
    """The account in words."""
    share = account.refused.total() / account.tried if account.tried else 0
    lines = [
        f"files {account.files}, documents {account.documents}, not readable {account.unreadable}",
        f"scalars tried {account.tried}, done {account.done}, refused {account.refused.total()} ({share:.2%}), "
        f"wrong {len(account.wrong)}; lines confirmed by a second reader: {account.witnessed}",
    ]
    for reason, count in account.refused.most_common():
        lines += [f"  {reason} {count}, for example {account.examples[reason]}"]
    return "\n".join([*lines, *(f"WRONG {text}" for text in account.wrong)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
