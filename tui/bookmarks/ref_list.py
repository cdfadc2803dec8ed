"""Refs that are remembered, newest first, one a line of a file."""

from collections.abc import Iterator
from pathlib import Path


class RefList:
    """At most `longest` refs; without a file, for this process alone. What cannot be written is not remembered."""

    def __init__(self, path: Path | None, longest: int) -> None:
        self._path = path
        self._longest = longest
        self._refs: dict[str, None] | None = None

    @property
    def refs(self) -> tuple[str, ...]:
        """The refs, the newest first."""
        return tuple(reversed(self._known()))

    def __contains__(self, ref: object) -> bool:
        return ref in self._known()

    def __iter__(self) -> Iterator[str]:
        return iter(self.refs)

    def add(self, ref: str) -> None:
        """Remember it as the newest."""
        known = self._known()
        known.pop(ref, None)
        known[ref] = None
        for oldest in list(known)[: -self._longest]:
            del known[oldest]
        self._write()

    def toggle(self, ref: str) -> bool:
        """Remember it, or no more; whether it is remembered now."""
        if ref in self._known():
            self._known().pop(ref)
            self._write()
            return False
        self.add(ref)
        return True

    def _known(self) -> dict[str, None]:
        if self._refs is None:
            self._refs = {}
            if self._path is not None:
                try:
                    lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
                except OSError:
                    lines = []
                self._refs = dict.fromkeys(line for line in lines[-self._longest :] if line)
        return self._refs

    def _write(self) -> None:
        if self._path is None:
            return
        from tui.cli.whole_file import write_whole

        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._path, [f"{ref}\n".encode() for ref in self._known()])
        except OSError:
            return
