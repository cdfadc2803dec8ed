"""Backups: the owned data in one file that says what it holds (R44).

A backup is a zip archive of two files: `state.sqlite` as it was at one moment, and `manifest.json` about it. What git
can give again, the mirrors and the index, is not in it.
"""

import hashlib
import json
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from syncd.disk import is_disk_full, no_room, sync
from syncd.errors import CatalogError
from syncd.store.copy import copy_state
from syncd.store.state import now

FORMAT = 1
"""Of the archive; the format of the state in it is its own."""
MANIFEST, STATE = "manifest.json", "state.sqlite"
LONGEST_MANIFEST = 1 << 20
_OURS = re.compile(r"catalog-(\d{8}T\d{6}Z)(?:-(\d+))?\.zip")
_PIECE = 1 << 20


class BackupError(CatalogError):
    """The file is no backup that can be used: exit code 4, nothing touched."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `size` (bytes) and `sha256` are those of the state in it."""

    format: int
    program: str
    made: str
    state_format: int
    seq: int
    rows: Mapping[str, int]
    size: int
    sha256: str


def write_backup(state: Path, target: Path) -> Manifest:
    """Make a backup while others write the state; it is there whole, checked and private, or not at all.

    A backup of that name is replaced. Raises `StateDamagedError`, `DiskFullError`, and `BackupError` where the name is
    that of another file.
    """
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}", hint="make it, or name another place")
    if target.exists():
        _read(target)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".catalog-backup-") as folder:
            copy, packed = Path(folder) / STATE, Path(folder) / "packed"
            contents = copy_state(state, copy)
            with copy.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = copy.stat().st_size
            manifest = Manifest(
                FORMAT, version("git-catalog"), now(), contents.version, contents.seq, contents.rows, size, digest
            )
            _pack(copy, manifest, packed)
            with packed.open("rb") as file, zipfile.ZipFile(file) as archive, archive.open(STATE) as stored:
                _check(stored, manifest, packed)
            packed.replace(target)
        sync(target.parent)
    except OSError as error:
        if is_disk_full(error):
            raise no_room(f"a backup in {target.parent}") from error
        raise
    return manifest


def unpack(file: Path, target: Path) -> Manifest:
    """Take the state out of a backup into a new private file; what the manifest says of it holds.

    Raises `BackupError`; what is in the file then is worth nothing.
    """
    manifest = _read(file)
    try:
        with zipfile.ZipFile(file) as archive, archive.open(STATE) as stored:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as state:
                _check(stored, manifest, file, state)
                state.flush()
                os.fsync(state.fileno())
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise _damaged(file, str(error)) from error
    return manifest


def new_name(folder: Path) -> Path:
    """A name for a backup made now that sorts behind those made before."""
    stamp = time.strftime("catalog-%Y%m%dT%H%M%SZ", time.gmtime())
    names = (f"{stamp}.zip", *(f"{stamp}-{number}.zip" for number in range(1, 1000)))
    return next(folder / name for name in names if not (folder / name).exists())


def backups_in(folder: Path) -> list[Path]:
    """The backups that bear such names, the oldest first."""
    named = [(match[1], int(match[2] or 0), path) for path in folder.iterdir() if (match := _OURS.fullmatch(path.name))]
    return [path for *_, path in sorted(named)]


def _pack(copy: Path, manifest: Manifest, packed: Path) -> None:
    with zipfile.ZipFile(packed, "x", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2) + "\n")
        archive.write(copy, STATE)
    packed.chmod(0o600)
    sync(packed)


def _read(file: Path) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(MANIFEST) as stored:
            found = json.loads(stored.read(LONGEST_MANIFEST))
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, ValueError) as error:
        raise BackupError(
            f"{file} is no backup of a catalog: {error}", hint="`catalog backup` makes one; nothing was changed"
        ) from error
    if isinstance(found, dict) and isinstance(found.get("format"), int) and found["format"] > FORMAT:
        raise BackupError(
            f"{file} has format {found['format']}; this program reads up to {FORMAT}",
            hint=f"install git-catalog {found.get('program', '')} or newer; nothing was changed",
        )
    try:
        return Manifest(**found)
    except TypeError as error:
        raise _damaged(file, f"its {MANIFEST} is not complete") from error


def _check(stored: IO[bytes], manifest: Manifest, file: Path, copy: IO[bytes] | None = None) -> None:
    """Compare what is stored with what the manifest says, and copy it."""
    digest, size = hashlib.sha256(), 0
    while piece := stored.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        if size > manifest.size:
            break
        if copy is not None:
            copy.write(piece)
    if (size, digest.hexdigest()) != (manifest.size, manifest.sha256):
        raise _damaged(file, f"{STATE} in it is not what {MANIFEST} says")


def _damaged(file: Path, why: str) -> BackupError:
    return BackupError(f"{file} is damaged: {why}", hint="take another backup; nothing was changed")
