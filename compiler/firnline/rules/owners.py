"""Which settings of the policies apply to one item, and which do they override?"""

from __future__ import annotations

from dataclasses import dataclass

from firnline.language.model import Promise
from firnline.rules.kept_acts import acting_on_item
from firnline.rules.program import Owned, Program
from firnline.s3.model import Rule
from firnline.s3.scope import Scope
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Clock


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owner of a clock of an item; `wider` units match it too, the narrower ones first. Where
    there is no owner, `kept` are rules of others that act on the item by that clock.
    """

    clock: Clock
    owner: Owned | None
    wider: tuple[Owned, ...]
    kept: tuple[Rule, ...] = ()


def promises_about(program: Program, item: StoredItem) -> tuple[Promise, ...]:
    return tuple(each for each in program.promises if each.covers(item.key, item.tags))


def ownership(program: Program, item: StoredItem) -> tuple[Ownership, ...]:
    """For every clock of the key, also clocks that do not run for this item now."""
    point = Scope(item.key, item.tags, item.size, item.size)
    found = []
    for clock in Clock:
        matching = [each for each in program.owned(clock) if each.scope.holds(point)]
        matching.sort(key=lambda each: (len(each.prefix), each.scope.place))
        owner = matching.pop() if matching else None
        kept = () if owner else acting_on_item(program.kept, clock, point)
        found.append(Ownership(clock, owner, tuple(reversed(matching)), kept))
    return tuple(found)
