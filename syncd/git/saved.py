"""What is saved in a work tree and not committed yet, as a commit of ours on top of the one that is checked out.

Git reads the folder by its own rules, with the mirror's settings and none of the folder's: what `.gitignore` names is
left out, no hook and no filter runs (R6), and the folder's own index and refs are not touched.
"""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from syncd.errors import StalledError, TransientError
from syncd.git.runner import Runner

SAVED: Final = "@{saved}"
"""The revision that stands for it; no branch can be called so."""
SAVED_REF: Final = "refs/saved"
"""Its full name, as if the remote had such a ref."""
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a file that git does not know yet; larger ones are no catalog files."""
MOST: Final = 10_000
"""Files that git does not know yet."""
_PERSON: Final = "saved"


def write_saved(runner: Runner, git_dir: Path, folder: Path, work_tree: Path, head: str) -> str:
    """The commit; `head` itself where nothing differs from it, and the same one as long as the same is saved.

    `folder` keeps an index between two calls, so that only files that changed are read. Raises `StalledError`
    git.no_work_tree and git.too_large, `TransientError` git.saved.
    """
    if not (work_tree / ".git").is_dir():
        raise StalledError(
            f"{work_tree} has no work tree of its own",
            code="git.no_work_tree",
            hint="saved = true is for a folder with a .git folder in it: leave it out",
        )
    folder.mkdir(mode=0o700, exist_ok=True)
    also = {"GIT_WORK_TREE": str(work_tree), "GIT_INDEX_FILE": str(folder / _PERSON)}

    def run(*arguments: str, feed: bytes = b"") -> bytes:
        finished = runner.run(arguments, git_dir, writes=True, feed=feed, also=also)
        if not finished.ok:
            raise TransientError(f"git {arguments[0]} could not read what is saved", code="git.saved")
        return finished.output

    run("read-tree", "-m", head)
    run("add", "--update")
    new = list(_new_files(work_tree, run("ls-files", "--others", "--exclude-standard", "-z")))
    if len(new) > MOST:
        raise StalledError(
            f"{len(new)} saved files are not in git, more than {MOST}",
            code="git.too_large",
            hint="name folders that hold no sources in .gitignore",
        )
    run("update-index", "--add", "-z", "--stdin", feed=b"".join(name + b"\0" for name in new))
    tree = run("write-tree").decode("ascii").strip()
    if tree == run("rev-parse", f"{head}^{{tree}}").decode("ascii").strip():
        return head
    when = run("log", "-1", "--format=%ct", head).decode("ascii").strip()
    for who in ("AUTHOR", "COMMITTER"):
        also |= {f"GIT_{who}_NAME": _PERSON, f"GIT_{who}_EMAIL": "", f"GIT_{who}_DATE": f"@{when} +0000"}
    return run("commit-tree", tree, "-p", head, "-m", "What is saved and not committed").decode("ascii").strip()


def _new_files(work_tree: Path, listed: bytes) -> Iterator[bytes]:
    """Regular files of a size that a catalog file may have; a folder in the list is a repository of its own."""
    for name in listed.split(b"\0"):
        if not name or name.endswith(b"/"):
            continue
        try:
            found = (work_tree / name.decode("utf-8", "surrogateescape")).lstat()
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST:
            yield name
