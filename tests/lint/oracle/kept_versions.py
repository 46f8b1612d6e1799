"""What stays where versions are kept: bytes for long or for ever, and delete markers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tests.lint.lifecycle_files import Place
from tests.lint.oracle.ends import old_end, states_end
from tests.lint.oracle.sufferer import Sufferer
from tests.lint.oracle.universe import EXPIRATION, OLD_EXPIRATION, Item, Reading, Universe, matches


def of_bytes(universe: Universe) -> Iterator[Sufferer]:
    """FL310, FL319 and FL242: at the expiration that acts first, or at what spares the newest."""
    for cell in universe.cells:
        expiring = {
            Place(n, EXPIRATION): universe.rules[n][EXPIRATION].get("Days", math.inf)
            for n in cell.rules
            if states_end(universe.rules[n], EXPIRATION)
        }
        if not expiring or not cell.item.size:
            continue
        old_ends = dict(universe.stated(cell.rules, OLD_EXPIRATION))
        first = min(expiring.values())
        acting = frozenset(place for place, days in expiring.items() if days == first)
        newest = min((old_end(each, 0) for each in old_ends.values()), default=math.inf)
        story = f"{cell.item} expires after {first}d, its bytes go {newest}d later"
        if not old_ends:
            yield Sufferer("FL310", acting, story, Reading.KEEPS)
        elif newest == math.inf:
            yield Sufferer("FL319", frozenset(old_ends), story, Reading.KEEPS)
        elif newest >= max(first, 2):
            yield Sufferer("FL242", acting, story, Reading.KEEPS)


def of_markers(universe: Universe) -> Iterator[Sufferer]:
    """FL243, for the widest prefix: longer ones need the same mending."""
    found = list[str]()
    for key in universe.keys:
        ending = {
            n
            for n in universe.enabled
            if OLD_EXPIRATION in universe.rules[n]
            and any(item.key == key for item in universe.scopes[n])
        }
        marker = Item(key, frozenset(), 0)
        removing = any(
            EXPIRATION in universe.rules[n] and matches(universe.rules[n], marker)
            for n in universe.enabled
        )
        if ending and not removing and not any(key.startswith(wide[:-1]) for wide in found):
            found.append(key)
            places = frozenset(Place(n, OLD_EXPIRATION) for n in ending)
            yield Sufferer("FL243", places, f"nothing removes the marker of {key}", Reading.KEEPS)
