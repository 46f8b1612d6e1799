"""Something that suffers from the rules of a file: what should be found, and where."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lint.lifecycle_files import Place
from tests.lint.oracle.universe import Reading


@dataclass(frozen=True)
class Sufferer:
    """`places` are those that a finding may point at. Where two rules suffer from each other, one
    finding is enough, at either. `reading` is the only one in which it suffers.
    """

    code: str
    places: frozenset[Place]
    story: str
    reading: Reading | None = None
    of_partner: frozenset[Place] = frozenset()
    is_told: bool = True
    """Or may be left out, as another finding speaks of the same."""
