"""Which known name was probably meant?"""

from __future__ import annotations

from collections.abc import Iterable

from firnline.diagnostics.remedy import WriteName


def did_you_mean(written: str, known: Iterable[str]) -> WriteName | None:
    """The nearest known name, or None where none is near."""
    import difflib  # only needed once something is wrong

    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(written.lower()[:80], list(by_lower), n=1, cutoff=0.6)
    return WriteName(by_lower[near[0]]) if near else None
