"""By what is a finding recognised, wherever in its file it stands?"""

from __future__ import annotations

from collections.abc import Sequence

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span
from firnline.language.key_path import key_paths, value_at_top


def within(found: Sequence[Diagnostic]) -> dict[int, str]:
    """The keys under which the place of each stands, or else the resource that it is about; by the
    identity of each.
    """
    where = {id(each): each.about or "" for each in found}
    by_source: dict[Source, list[tuple[int, int]]] = {}
    for each in found:
        if isinstance(each.place, Span):
            by_source.setdefault(each.place.source, []).append((id(each), each.place.start))
    for source, places in by_source.items():
        keys = key_paths(source, [start for _, start in places])
        where |= {name: key for (name, _), key in zip(places, keys, strict=True) if key}
    return where


def policy_in(source: Source) -> str:
    """What the policy in a file is called, or nothing where there is none."""
    return value_at_top(source, "policy")
