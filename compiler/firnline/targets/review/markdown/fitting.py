"""Which sections does a comment have room for?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

BUDGET: Final = 60_000
"""Characters of the file: a comment on GitHub takes 65,536."""
_BETWEEN: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Section:
    """`dropped` is the sentence in its place where there is no room for it; a section without one
    stays. Those with the lowest `stays` are left out first.
    """

    text: str
    dropped: str = ""
    stays: int = 0


def joined(sections: Iterable[Section], budget: int = BUDGET) -> str:
    """Whole sections are left out, one by one, until the rest fits."""
    kept = [each for each in sections if each.text]
    first_out = sorted((each for each in kept if each.dropped), key=lambda each: each.stays)
    while len(text := _BETWEEN.join(each.text for each in kept)) + 1 > budget and first_out:
        out = first_out.pop(0)
        kept = [Section(out.dropped) if each is out else each for each in kept]
    return text + "\n"
