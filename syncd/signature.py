"""Signatures of deliveries: judged over the raw bytes, in constant time, and SHA-1 is none (R62, H76)."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from syncd.model.integration import Algorithm

STANDARD_PREFIX = "whsec_"
"""With this begins a secret of Standard Webhooks; the rest is its key in base64."""


def is_signed(content: bytes, secret: str, algorithm: Algorithm, signatures: Sequence[str]) -> bool:
    """Whether there is one signature and it is right: hex, with or without `sha256=` before it."""
    expected = hmac.new(secret.encode(), content, algorithm).hexdigest()
    given = signatures[0].strip().lower().removeprefix(f"{algorithm}=") if len(signatures) == 1 else ""
    return hmac.compare_digest(given.encode(), expected.encode())


def is_standard_signed(content: bytes, secret: str, identifier: str, timestamp: str, signatures: Sequence[str]) -> bool:
    """Whether one of the signatures `v1,BASE64` of a header is right over `identifier.timestamp.content`."""
    signed = f"{identifier}.{timestamp}.".encode() + content
    expected = b"v1," + base64.b64encode(hmac.digest(standard_key(secret), signed, "sha256"))
    given = signatures[0].split() if len(signatures) == 1 else []
    return any([hmac.compare_digest(one.encode(), expected) for one in given])  # noqa: C419 - all, whichever is right


def is_token(secret: str, tokens: Sequence[str]) -> bool:
    """Whether there is one token and it is the secret itself."""
    given = tokens[0] if len(tokens) == 1 else ""
    return hmac.compare_digest(given.encode(), secret.encode())


def standard_key(secret: str) -> bytes:
    """The key of a secret of Standard Webhooks; ValueError for a text that is none."""
    try:
        return base64.b64decode(secret.removeprefix(STANDARD_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("it is no base64") from error
