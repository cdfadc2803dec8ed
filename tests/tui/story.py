"""`make story`: a first evening with the catalog in a real terminal, from an empty state to the prompt again.

Keys are sent to the real `catalog` in tmux, and what only the next screen has is waited for. Git, files and the
terminal's own state are checked beside the screens, and every screen that is worth a look goes into docs/story.md.
"""

import argparse
import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import largest
from benchmarks.generate import Size, repositories
from tests.tui.tmux import NeverSeenError, Tmux, is_installed

PAGE = Path(__file__).parents[2] / "docs" / "story.md"
USUAL, MIDDLE, SMALL = (120, 36), (80, 24), (60, 20)
GENERATED = Size(240, 1)
"""The repository that is registered where nobody names a corpus."""
PUSHED = """\
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: gift-cards
  title: Gift cards
spec:
  type: service
  lifecycle: experimental
  owner: storefront-crew
"""
BEGINNING = """\
# A first evening

Recorded by `make story`: keys are sent to the real `catalog` in a real terminal (tmux), in a home that holds nothing
but the setting that any free port will do. What only the next screen has is waited for; git, the exported files and the
state of the terminal are checked beside it. A test (`make test-slow`) goes the same way.
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A screen, and in words what was done before it."""

    did: str
    screen: str
    size: tuple[int, int]


class Story:
    """The walk. `folder` is empty and becomes the home; `other` is the repository that is registered."""

    def __init__(self, folder: Path, other: Path) -> None:
        self._folder = folder
        self._other = other
        self._home, self._temporary = folder / "home", folder / "tmp"
        config = self._home / ".config" / "catalog" / "config.toml"
        config.parent.mkdir(parents=True)
        self._temporary.mkdir()
        config.write_text('[daemon]\nlisten = ["127.0.0.1:0"]\n')
        self.chapters: list[tuple[str, list[Shot]]] = []

    def tell(self) -> None:
        """Go the whole way. Raises AssertionError with the screen where it does not go as told."""
        paths = {"HOME": str(self._home), "TMPDIR": str(self._temporary)}
        program = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with Tmux(self._folder, {**paths, "PATH": program, "GIT_CONFIG_NOSYSTEM": "1"}) as self._tmux:
            try:
                for part in (
                    self._empty,
                    self._demo,
                    self._finding,
                    self._entity,
                    self._editing,
                    self._undoing,
                    self._registering,
                    self._pushing,
                    self._asking,
                    self._troubles,
                    self._dying,
                    self._leaving,
                ):
                    part()
            finally:
                self._end_daemons()

    def page(self) -> str:
        """All of it in Markdown."""
        parts = [BEGINNING]
        for title, shots in self.chapters:
            parts.append(f"\n## {title}\n")
            for shot in shots:
                size = "" if shot.size == USUAL else " ({} by {})".format(*shot.size)
                parts.append(f"\n{shot.did}{size}\n\n```\n{shot.screen}\n```\n")
        return "".join(parts)

    # -- the chapters

    def _empty(self) -> None:
        self._chapter("An empty catalog")
        self._shell("stty -a > before.txt")
        self._before = self._tmux.state()
        assert self._before["alternate_on"] == "0"
        self._type("catalog")
        self._press("Enter", r"Start it in the background\? \[Y/n\]")
        self._press("Enter", "no locations yet", "● live")
        assert self._tmux.state()["alternate_on"] == "1"
        self._shot("`catalog`, and enter: yes, start the daemon.")
        self._small("no locations yet", MIDDLE, SMALL)

    def _demo(self) -> None:
        self._chapter("The demo")
        self._press("d", "climate-model", r"\b46\b", "● live", "Additional|Fields")
        self._shot("`d` opens the sample company in a catalog of its own.")
        self._small("climate-model", MIDDLE, SMALL)
        (self._company,) = self._temporary.glob("catalog-demo-*/company.git")

    def _finding(self) -> None:
        self._chapter("Finding")
        self._press("/", "tab complete")
        self._type("own", "owner, a group or user")
        self._press("Tab", "packing-crew +11")
        self._type("pack", r"owner:pack\b", "packing-crew +11")
        self._shot("`/own`, `tab`, `pack`: fields, then their values with how many entities each leaves.")
        self._press("Tab", "11 of 46")
        self._press("Enter", "space mark", "returns-desk")
        self._press("F", r"\[x\] packing-crew", r"\[ \] Component")
        self._press("Space", r"\[x\] Component", "5 of 46")
        self._shot("`F`, and space on *Component*: facets are edits of the line.")
        self._press("Escape", "space mark")

    def _entity(self) -> None:
        self._chapter("Opening, and why")
        self._press("G", r"▌ +warehouse")
        self._press("Enter", "Additional Info Card", r"\[1 Overview\]", "Board of Warehouse")
        self._shot("`G`, `enter`: the entity, its cards first.")
        self._small("Plans which tin", MIDDLE, SMALL)
        self._press("3", "not in the catalog|shelf-counter")
        self._shot("`3`: its relations, as a tree.")
        self._press("1", "Additional Info Card")
        self._press("w", "Why")
        self._type("lifecycle", "lifecycle")
        self._press("Enter", r"warehouse/catalog-info.yaml:\d+", "The catalog of the house")
        self._shot("`1`, `w`, `lifecycle`: where this value comes from.")
        self._tmux.press("Escape")
        self._lose("Why this value")

    def _editing(self) -> None:
        self._chapter("An edit is a commit")
        self._press("e", "beside git", r"lifecycle +\* production", "✓ exists")
        self._press("j", r"▌ +description")
        self._press("j", r"▌ +type")
        self._press("j", r"▌ +lifecycle")
        self._shot("`e`: the form, made of the schema of the kind.")
        self._press("Enter", "enter take", r"experimental +\d", r"deprecated +\d")
        self._shot("`enter` on *lifecycle*: what others say there is offered.")
        self._press("C-u", "it needs a value")
        self._type("experimental", r"│ experimental +│")
        self._press("Enter", "1 changed", "was production")
        self._press("r", "W writes", r"\+  lifecycle: experimental")
        self._shot("`experimental`, `enter`, `r`: the difference, before anything is written.")
        self._small("W writes", MIDDLE, SMALL)
        self._press("W", "written: ", r"lifecycle +experimental")
        self._shot("`W`: it is a commit.")
        self._git_says("Set lifecycle of warehouse", "lifecycle: experimental")

    def _undoing(self) -> None:
        self._chapter("Undo")
        self._press("z", "Undo", "W writes", r"\+  lifecycle: production")
        self._shot("`z`: the way back, with its own difference.")
        self._press("W", "taken back: ", r"lifecycle +production")
        self._git_says("Undo: Set lifecycle of warehouse", "lifecycle: production")
        log = self._git("log", "--format=%an: %s", "main")
        self._words("`git log` of the repository.", "git log --format='%an: %s' main", log)

    def _registering(self) -> None:
        self._chapter("Another repository")
        self._press("Escape", " 46 +· ")
        self._press("a", "Register a location", "nothing is stored before")
        self._type(str(self._other), re.escape(self._other.name))
        screen = self._press("Enter", r"A registers [\d,]+ entities")
        self._shot("`a`, a path, `enter`: what it would bring.")
        self._small("A registers", MIDDLE, SMALL)
        (count,) = re.findall(r"A registers ([\d,]+) entities", screen)
        self._more = int(count.replace(",", ""))
        self._press("A", rf" {46 + self._more + 1} +· ")
        self._shot("`A`: they are there.")
        self._press("F4", "2 locations", "SYNCED", rf"\b{self._more}\b")
        self._shot("`F4`: where the catalog is read from, and how that went.")
        self._small("2 locations", MIDDLE, SMALL)
        self._press("F2", "space mark")

    def _pushing(self) -> None:
        self._chapter("A push arrives")
        self._press("/", "tab complete")
        self._type("owner:storefront-crew kind:component", r"\b4 of ")
        self._press("Enter", "space mark", "tea-finder")
        self._press("G", r"▌ +tea-finder")
        self._shot("`/owner:storefront-crew kind:component`: what somebody is about to change.")
        tree = self._folder / "company"
        subprocess.run(["git", "clone", "-q", str(self._company), str(tree)], check=True, capture_output=True)
        file = tree / "shop" / "catalog-info.yaml"
        file.write_text(file.read_text().replace("title: The new storefront", "title: The old storefront") + PUSHED)
        self._git_in(tree, "commit", "-qam", "Gift cards")
        self._git_in(tree, "push", "-q")
        pushed = time.monotonic()
        self._see(r"gift-cards|↻ \d+ changed")  # new rows wait for `r` where they would move the cursor's
        seconds = time.monotonic() - pushed
        self._shot(f"Somebody pushes: {seconds:.1f} s after the end of `git push` it is told, and no key was pressed.")
        self._press("r", "gift-cards", r"\b5 of ")
        self._shot("`r`: the new row; the cursor stays on its entity.")
        self._press("Escape", rf" {46 + self._more + 2} +· ")

    def _asking(self) -> None:
        self._chapter("SQL, and files")
        self._press("F3", "entities", "Question", "components")
        self._press("C-r", r"\d+ rows", "Component +")
        self._shot("`F3`, `^r`: a question in SQL.")
        self._small("Component", MIDDLE, SMALL)
        self._press("C-s", "Export to answer.csv")
        self._type("kinds.csv", "Export to +kinds.csv")
        self._press("Enter", "written to .*kinds.csv")
        rows = list(csv.DictReader((self._folder / "kinds.csv").open(encoding="utf-8")))
        assert sum(int(row["entities"]) for row in rows) == 46 + self._more + 2, rows
        self._shot("`^s`, `kinds.csv`, `enter`: the whole answer in a file.")
        self._press("F2", "space mark")
        self._press("C-s", "│ catalog.csv")
        self._type("catalog.json", "│ catalog.json")
        self._press("Enter", "catalog.json")
        self._see("written to|entities written|rows")
        self._shot("`F2`, `^s`, `catalog.json`, `enter`: the table in a file.")
        written = json.loads((self._folder / "catalog.json").read_text(encoding="utf-8"))
        assert len(written) == 46 + self._more + 2, len(written)

    def _troubles(self) -> None:
        self._chapter("What is wrong, and what happened")
        self._press("!", "returns/catalog-info.yaml:24")
        self._shot("`!`: problems with their lines.")
        self._small("catalog-info.yaml:24", MIDDLE, SMALL)
        self._press("F6", "location.added", "edit.pushed")
        self._shot("`F6`: what was done, by whom.")
        self._press("F2", "space mark")

    def _dying(self) -> None:
        self._chapter("The daemon dies")
        before = self._names(self._tmux.screen())
        state = self._company.parent / "state"
        os.kill(int((state / "daemon.pid").read_text().split()[0]), signal.SIGKILL)
        screen = self._see(r"offline · data \d+s old", r"\(e edit\)")
        assert self._names(screen) == before, screen
        self._press("e", "edit is off: offline")
        self._shot("`kill -9`, then `e`: the last data stays, with its age; what writes is off, and says why.")
        self._lose("edit is off")
        self._press("C-p", "Commands and entities")
        self._type("start the", "Start the daemon")
        self._shot("`^p`, `start the`: from here it can be started again.")
        self._press("Enter", "● live")
        screen = self._see("space mark", r" e edit")
        assert self._names(screen) == before, screen
        self._shot("`enter`: live again, the same catalog.")

    def _leaving(self) -> None:
        self._chapter("Leaving")
        self._press("q", "no locations yet", "the demo is over")
        assert not list(self._temporary.glob("catalog-demo-*")), "the demo leaves its folder"
        self._shot("`q`: back in the empty catalog; nothing of the demo is left.")
        self._press("q", r"^\$ catalog\n")
        self._type("catalog daemon stop")
        self._press("Enter", "daemon stopped")
        self._shot("`q`, `catalog daemon stop`: the prompt again; by `stty -a`, too, the terminal is as it was.")
        self._shell("stty -a > after.txt")
        after = self._tmux.state()
        assert after == self._before, (self._before, after)
        assert (self._folder / "after.txt").read_text() == (self._folder / "before.txt").read_text()

    # -- what the chapters are made of

    def _chapter(self, title: str) -> None:
        self.chapters.append((title, []))

    def _press(self, key: str, *texts: str) -> str:
        self._tmux.press(key)
        return self._see(*texts)

    def _type(self, text: str, *texts: str) -> str:
        self._tmux.type(text)
        return self._see(*texts)

    def _see(self, *texts: str) -> str:
        return self._tmux.see(*texts) if texts else ""

    def _lose(self, text: str) -> str:
        return self._tmux.lose(text)

    def _shell(self, command: str) -> None:
        """Run a command at the prompt."""
        done = self._folder / "done"
        self._tmux.type(f"{command}; touch done; clear")
        self._tmux.press("Enter")
        self._tmux.until(lambda _: done.exists(), command)
        done.unlink()
        self._see(r"^\$$")

    def _shot(self, did: str, size: tuple[int, int] = USUAL) -> None:
        self.chapters[-1][1].append(Shot(did, self._tmux.settled(), size))

    def _small(self, text: str, *sizes: tuple[int, int]) -> None:
        """The same on other terminals."""
        for columns, rows in sizes:
            self._tmux.resize(columns, rows)
            self._fitted(text, rows)
            self._shot("The same.", (columns, rows))
        self._tmux.resize(*USUAL)
        self._fitted(text, USUAL[1])

    def _fitted(self, text: str, rows: int) -> None:
        """Wait until a screen of that many rows has the text."""
        self._tmux.until(lambda screen: _fits(screen, rows) and re.search(text, screen), text)

    def _words(self, did: str, command: str, said: str) -> None:
        self.chapters[-1][1].append(Shot(did, f"$ {command}\n{said.rstrip()}", USUAL))

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(self._company), *arguments], check=True, capture_output=True, text=True
        ).stdout

    @staticmethod
    def _git_in(tree: Path, *arguments: str) -> None:
        who = ["-c", "user.name=Sunniva Dahl", "-c", "user.email=sunniva@kettle-and-moss.example"]
        subprocess.run(["git", "-C", str(tree), *who, *arguments], check=True, capture_output=True)

    def _git_says(self, subject: str, line: str) -> None:
        """The last commit of the repository has this subject, and its file this line."""
        assert self._git("log", "-1", "--format=%s", "main").strip() == subject
        assert line in self._git("show", "main:warehouse/catalog-info.yaml")

    @staticmethod
    def _names(screen: str) -> list[str]:
        """The rows of the table."""
        return [line[28:66] for line in screen.split("\n")[5:26]]

    def _end_daemons(self) -> None:
        states = [self._home / ".local" / "state" / "catalog", *self._temporary.glob("catalog-demo-*/state")]
        for state in states:
            command = [sys.executable, "-m", "tui.cli", "--state", str(state), "daemon", "stop"]
            subprocess.run(command, cwd=PAGE.parents[1], capture_output=True)


def _fits(screen: str, rows: int) -> bool:
    """Whether the line of keys is the last one of a terminal of that many rows."""
    lines = screen.split("\n")
    return len(lines) == rows and re.search(r"(quit|help|back|cancel)$", lines[-1]) is not None


def other_repository(corpus: Path | None, folder: Path) -> Path:
    """The largest repository of a corpus; without one, a generated one."""
    return largest(corpus, folder).path if corpus else repositories(folder, GENERATED)[0]


def main(arguments: Sequence[str]) -> int:
    """Tell the story and write the page; 1 with the screen where it went wrong, 2 where there is no tmux."""
    parser = argparse.ArgumentParser(prog="python -m tests.tui.story", description=__doc__)
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="a folder of descriptor files, see `make corpus`")
    corpus: Path | None = parser.parse_args(arguments).corpus
    if not is_installed():
        print("the story is told in tmux, which is not installed (Debian: apt install tmux)", file=sys.stderr)
        return 2
    if corpus is not None and not (corpus / "MANIFEST.csv").is_file():
        print(f"{corpus} is no corpus: it has no MANIFEST.csv (columns repo, path, role)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="story-") as root:
        folder = Path(root)
        story = Story(folder / "evening", other_repository(corpus, folder / "git"))
        try:
            story.tell()
        except NeverSeenError as error:
            print(error, file=sys.stderr)
            return 1
    PAGE.write_text(story.page(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(PAGE.parents[1])}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
