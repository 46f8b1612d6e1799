"""Of which objects does nothing tell the tags that rules filter by?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.possible_tags import MOST_FOLLOWED, TOLD_BY
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much
from firnline.s3.simulate.stored import ItemKind


def untold_tags(name: str, bucket: Changed) -> Iterator[str]:
    """In words, where bounds are told for that."""
    stored, coming = bucket.stored, bucket.arriving
    unfollowed = _untold(Contents((), (), stored.unfollowed).groups)
    found = _untold(stored.left_open.groups)
    if found.objects:
        many = how_much(found.objects, found.bytes)
        yield f"{_of(name)} that nothing tells of {many}, {_BOUNDS}: {TOLD_BY}"
    if unfollowed.objects:
        yield (
            f"{visible(name)}: {how_many(unfollowed.objects, 'object')} may be in more than"
            f" {MOST_FOLLOWED} cases, by their tags and those of other versions: they count as if"
            " the rules might do to them whatever they do at all, at any time"
        )
    if _untold(coming.left_open.groups).objects:
        yield f"{_of(name)} that nothing tells of what is written later, {_BOUNDS}"


def _of(name: str) -> str:
    return f"{visible(name)}: rules filter by tags"


_BOUNDS = "so what depends on them is told as two bounds"


def _untold(groups: Iterable[Group]) -> Volume:
    found = Volume()
    for stored in chain.from_iterable(groups):
        if not stored.tags_known and stored.example.kind is ItemKind.OBJECT_VERSION:
            found = found.plus(stored.volume)
    return found
