"""So many objects and bytes, in words: `1,000 objects (3.2GiB)`."""

from __future__ import annotations

from firnline.diagnostics.how_many import how_many
from firnline.s3.terms import Bytes


def how_much(objects: int, size: int, what: str = "object") -> str:
    return f"{how_many(objects, what)} ({Bytes(size).rounded})"
