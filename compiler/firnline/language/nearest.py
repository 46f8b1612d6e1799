"""Which known name was probably meant?"""

from __future__ import annotations

from collections.abc import Iterable

from firnline.diagnostics.remedy import WriteName
from firnline.language.misspelt import folded, misspelt

_CUTOFF = 0.85  # below it, most of what is near is another word


def did_you_mean(written: str, known: Iterable[str]) -> WriteName | None:
    """The known name of which it may be a mistyped form, or None."""
    import difflib  # only needed once something is wrong

    known = tuple(known)
    if name := misspelt(written, known):
        return WriteName(name, is_guess=folded(written) != folded(name))
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(written.lower()[:80], list(by_lower), n=1, cutoff=_CUTOFF)
    return WriteName(by_lower[near[0]], is_guess=True) if near else None
