"""What registries need, and what nobody needs, as a report tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from firnline.diagnostics.kinds import Diagnostic


@dataclass(frozen=True, slots=True)
class Needed:
    """`findings` say what policies do to what the registries need, and why the answer may be
    outdated.
    """

    read_on: date
    registries: tuple[str, ...]
    references: int
    findings: tuple[Diagnostic, ...]


class Orphans(NamedTuple):
    """Objects of a bucket that nothing needs, for one reason."""

    bucket: str
    reason: str
    owner: str | None
    objects: int
    bytes: int
    usd_a_month: Fraction

    def plus(self, other: Orphans) -> Orphans:
        """Of the same bucket, reason and owner."""
        return self._replace(
            objects=self.objects + other.objects,
            bytes=self.bytes + other.bytes,
            usd_a_month=self.usd_a_month + other.usd_a_month,
        )


@dataclass(frozen=True, slots=True)
class Unneeded:
    """By an audit: `read_on` is when the registries were read, and `facts` say of each bucket what
    tells what it stores. The most bytes first.
    """

    read_on: str
    prices: str
    facts: tuple[str, ...]
    orphans: tuple[Orphans, ...]
