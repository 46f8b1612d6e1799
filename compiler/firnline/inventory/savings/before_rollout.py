"""What did a bucket have before a rollout changed its rules?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from firnline.inventory.savings.entry import Change, Entry
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning


class NotKnown(Enum):
    """Why nobody knows it."""

    DROPPED = "dropped"
    UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True)
class BeforeRollout:
    """`before` was live when the rollout first wrote the bucket, and `after` when it last did, with
    that versioning. `again` are later changes, by others. Where it is `late`, the two may differ
    for what others have done, too: they were not read when the rollout wrote.
    """

    before: RuleSet
    after: RuleSet
    versioning: Versioning
    again: tuple[Change, ...] = ()
    late: bool = False


def before_rollout(
    entries: Sequence[Entry], rollout: str, applied: RuleSet | None, begun: Sequence[str] = ()
) -> BeforeRollout | NotKnown | None:
    """Of one bucket: its `entries`, oldest first, and the rules that are `applied` by the stack's
    state. None where the rollout did not change them. `begun` are the rollouts of the runs that
    ended before their changes were recorded, "" for a run outside of any.
    """
    if any(rollout in each.dropped for each in entries):
        return NotKnown.DROPPED
    places = [place for place, each in enumerate(entries) if each.rollout == rollout]
    if places:
        first, last = entries[places[0]].change, entries[places[-1]].change
        others = [each.change for each in entries[places[0] :] if each.rollout != rollout]
        again = tuple(each for each in others if not surely_same(each.after, first.before))
        late = any(entries[place].late for place in places)
        return BeforeRollout(first.before, last.after, first.versioning, again, late)
    if rollout not in begun or applied is None:
        return None
    if not entries:
        return NotKnown.UNRECORDED
    newest = entries[-1].change
    if surely_same(newest.after, applied):
        return None
    if set(begun) != {rollout}:
        return NotKnown.UNRECORDED
    return BeforeRollout(newest.after, applied, newest.versioning, late=True)
