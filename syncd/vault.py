"""Secrets that have to be used again, such as those of webhooks: encrypted with a key that lies beside the database.

Whoever gets hold of `state.sqlite` alone, or of a backup of it, learns nothing of them.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.errors import UnavailableError
from syncd.secrecy import hide
from syncd.statedir import write_whole

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class VaultError(UnavailableError):
    """A secret cannot be read or kept: the key is gone, or is another one."""

    code = "vault"


class Vault:
    """Seals and opens secrets; thread-safe. The key is made when the first secret is sealed, mode 0600."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file
        self._lock = threading.Lock()

    def seal(self, secret: str) -> str:
        """The secret in a form that can be kept anywhere; raises `VaultError`."""
        from cryptography.fernet import Fernet

        with self._lock:
            if not self._key_file.exists():
                write_whole(self._key_file, Fernet.generate_key().decode("ascii"))
        return self._fernet().encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The secret that was sealed; raises `VaultError`."""
        from cryptography.fernet import InvalidToken

        try:
            secret = self._fernet().decrypt(sealed).decode()
        except InvalidToken:
            raise self._failure() from None
        hide(secret)
        return secret

    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet

        try:
            return Fernet(self._key_file.read_text())
        except (OSError, ValueError):
            raise self._failure() from None

    def _failure(self) -> VaultError:
        name = self._key_file.name
        return VaultError(
            f"secrets cannot be read: {name} is missing, or is not the key that they were encrypted with",
            hint=f"put the {name} of this state back; or remove it, and give each webhook a new secret",
        )
