"""What a change is compared with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Base:
    """`named` is the snapshot, and `label` what messages call it. `commit` is None of a folder."""

    named: str
    label: str
    commit: str | None = None
