"""Answers that depend on whether a bucket keeps versions, where nobody said: in words."""

from __future__ import annotations

from typing import Final, assert_never

from firnline.s3.terms import Versioning

UNKNOWN: Final = "versioning unknown: --versioning says which, or the lock (`firnline resolve`)"


def clause(versioning: Versioning) -> str:
    """To stand after an *if*."""
    match versioning:
        case Versioning.ENABLED:
            return "the bucket keeps versions"
        case Versioning.SUSPENDED:
            return "versioning is suspended"
        case Versioning.OFF:
            return "versions were never kept"
        case _:
            assert_never(versioning)
