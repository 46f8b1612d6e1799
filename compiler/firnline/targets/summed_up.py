"""The summary of some buckets, as the commands tell it."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.inventory.summary.breakdown import Part
from firnline.inventory.summary.summary import BucketSummary


@dataclass(frozen=True, slots=True)
class SummedUp:
    """`facts` say in words what it stands on."""

    summary: BucketSummary
    facts: str
    parts: tuple[Part, ...]


Summaries = tuple[SummedUp, ...]
