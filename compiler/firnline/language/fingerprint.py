"""A text → its SHA-256, to detect whether something has changed."""

from __future__ import annotations


def sha256_of(text: str) -> str:
    """64 hexadecimal digits."""
    from hashlib import sha256  # loads OpenSSL: 2 ms, and most starts need none

    return sha256(text.encode()).hexdigest()
