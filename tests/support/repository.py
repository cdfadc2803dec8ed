"""A real bare repository to fetch from, written without a work tree, the same on every machine."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Content = str | bytes | None

_EPOCH = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Odd:
    """An entry that is no regular file: mode `120000` with the link's target, or `160000` with a commit id."""

    mode: str
    value: str


class RepoBuilder:
    """The remote of a test: `commit` writes a commit at once, `url` is what a location names."""

    def __init__(self, path: Path, *, branch: str = "main", object_format: str = "sha1") -> None:
        self.path = path
        self._commits = 0
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.git("init", "-q", "--bare", "--template=", f"--object-format={object_format}", "-b", branch)

    @property
    def url(self) -> str:
        """The clone URL."""
        return self.path.as_uri()

    def commit(
        self,
        files: Mapping[Any, "Content | Odd"],
        message: str = "change",
        branch: str = "main",
        *,
        parent: str | None = None,
        author: str = "Ada",
    ) -> str:
        """Add, replace and (None) delete files on a branch, in one commit; returns its id.

        Paths are text, or bytes where they are no UTF-8.
        `parent` names another commit to start from, "" none at all: the branch is then rewritten.
        """
        self._commits += 1
        when = _EPOCH + 60 * self._commits
        ref = f"refs/heads/{branch}"
        start = self.head(branch) if parent is None else parent
        lines = [f"commit {ref}", "mark :1", f"committer {author} <{author.lower()}@example.org> {when} +0000"]
        body = _block("\n".join(lines), message.encode())
        body += f"from {start}\n".encode() if start else b""
        for path, content in files.items():
            body += _change(path if isinstance(path, bytes) else path.encode(), content)
        if parent == "":
            self.git("update-ref", "-d", ref)
        return self.git("fast-import", "--quiet", "--force", stdin=body + b"\nget-mark :1\n").strip()

    def publish(self) -> None:
        """Make it readable for who knows only files, as over HTTP without a server program of git."""
        self.git("update-server-info")

    def force(self, files: Mapping[str, Content], branch: str = "main") -> str:
        """Replace a branch by one commit without history."""
        return self.commit(files, "start over", branch, parent="")

    def push(self, files: Mapping[str, Content], branch: str = "main", *, by: str = "staging") -> str:
        """As `commit`, but by a real `git push` from another repository, so that hooks run and refs move as usual.

        `by` is whose repository it is: those who push at the same time have one each.
        """
        staging = RepoBuilder(self.path.with_name(f"{self.path.name}.{by}"))
        if self.head(branch):
            staging.git("fetch", "-q", str(self.path), f"+refs/heads/{branch}:refs/heads/{branch}")
        staging._commits = self._commits
        self._commits += 1
        commit = staging.commit(files, branch=branch)
        staging.git("push", "-q", str(self.path), f"refs/heads/{branch}")
        return commit

    def head(self, branch: str = "main") -> str:
        """Commit id of a branch; "" where there is none."""
        name = f"refs/heads/{branch}"
        if (self.path / name).is_file():
            return (self.path / name).read_text().strip()
        lines = self.git("for-each-ref", "--format=%(objectname) %(refname)", name).splitlines()
        return next((line.partition(" ")[0] for line in lines if line.endswith(f" {name}")), "")

    def set_branch(self, branch: str, commit: str) -> None:
        """Create a branch, or move it anywhere."""
        self.git("update-ref", f"refs/heads/{branch}", commit)

    def delete_branch(self, branch: str) -> None:
        """Delete a branch."""
        self.git("update-ref", "-d", f"refs/heads/{branch}")

    def rename_default(self, old: str, new: str) -> None:
        """Rename the default branch, as a forge does."""
        self.set_branch(new, self.head(old))
        self.git("symbolic-ref", "HEAD", f"refs/heads/{new}")
        self.delete_branch(old)

    def tag(self, name: str, commit: str, *, annotated: bool = False) -> str:
        """Create a tag; returns the id that it holds."""
        value = commit
        if annotated:
            text = f"object {commit}\ntype commit\ntag {name}\ntagger Ada <ada@example.org> {_EPOCH} +0000\n\nrelease\n"
            value = self.git("mktag", stdin=text.encode()).strip()
        self.git("update-ref", f"refs/tags/{name}", value)
        return value

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git in the repository, apart from whatever the user has configured; returns its output."""
        finished = subprocess.run(
            ["git", *arguments], env=_environment(self.path), input=stdin, capture_output=True, check=False
        )
        assert finished.returncode == 0, finished.stderr.decode()
        return finished.stdout.decode()


def _environment(path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "GIT_DIR": str(path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "gc.auto",
        "GIT_CONFIG_VALUE_0": "0",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_AUTHOR_DATE": f"{_EPOCH} +0000",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_COMMITTER_DATE": f"{_EPOCH} +0000",
        "LC_ALL": "C",
    }


def _block(header: str, data: bytes) -> bytes:
    return f"{header}\ndata {len(data)}\n".encode() + data + b"\n"


def _change(path: bytes, content: Content | Odd) -> bytes:
    quoted = b'"' + path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
    if content is None:
        return b"D " + quoted + b"\n"
    if isinstance(content, Odd) and content.mode == "160000":
        return f"M 160000 {content.value} ".encode() + quoted + b"\n"
    mode, data = (content.mode, content.value) if isinstance(content, Odd) else ("100644", content)
    raw = data.encode() if isinstance(data, str) else data
    return f"M {mode} inline ".encode() + quoted + b"\n" + _block("", raw).removeprefix(b"\n")
