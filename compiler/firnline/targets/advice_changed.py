"""Why does a change of a retention stand in a diff, and how much does each key of it save?"""

from __future__ import annotations

from collections.abc import Mapping

from firnline.diagnostics.how_many import how_many
from firnline.inventory.advice.advice import Advice
from firnline.inventory.advice.proposed import SMALLEST, Change, Line
from firnline.inventory.money import dollars
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.terms import Bytes, Days
from firnline.targets.advice_edits import keys_to_drop
from firnline.targets.advice_policy import tiers_of
from firnline.targets.advice_words import reasons, saves


def all_reasons(advice: Advice) -> Mapping[Line, str]:
    """Of what is new, and of each step of what changes."""
    found = dict(reasons(advice))
    for change in advice.changes:
        for keys in change.steps:
            found[change.line(keys)] = _changed(advice, change, keys)
    return found


def _changed(advice: Advice, change: Change, keys: tuple[str, ...]) -> str:
    """With the keys that are dropped in the first step, and the other buckets of the policy."""
    worth, is_first = advice.worths.lines[change.line(keys)], keys == change.steps[0]
    dropped = keys_to_drop(change) if is_first else ()
    key, *more = keys
    said = [_in_place_of(change, key), *(f"without {one}" for one in dropped)]
    said = [each for each in said if each]
    text = f"{', '.join(said)}: {saves(worth)}" if said else saves(worth)
    if worth.paid > 0:
        text += f" after {dollars(worth.paid)} for moving"
    if more:
        text += f", together with {' and '.join(more)}"
    if is_first and change.others:
        text += f"; also for {how_many(change.others, 'other bucket')}"
    return text


def _in_place_of(change: Change, key: str) -> str:
    """What the retention says now; of a new tier, its class."""
    for tier, _, after in tiers_of(change.before.moves):
        if key == f"{tier}_after":
            return f"instead of {Days(after)}"
    if key == SMALLEST and change.before.at_least > SMALL_OBJECT:
        return f"instead of {Bytes(change.before.at_least)}"
    new = (into for tier, into, _ in tiers_of(change.after.moves) if key == f"{tier}_after")
    return next(new, "")
