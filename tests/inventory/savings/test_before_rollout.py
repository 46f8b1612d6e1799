"""What a bucket had before a rollout is found in its ledger, or said not to be known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from firnline.inventory.savings.before_rollout import BeforeRollout, NotKnown, before_rollout
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.ledger import KEPT, read_ledger, to_json
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days
from tests.inventory.savings.test_ledger import CHANGE, NONE

RULES = (
    NONE,
    *(RuleSet((Rule("daily", Filter("tmp/"), expires=Days(days)),)) for days in (7, 8, 9)),
)
History = list[tuple[int, str | None]]
"""Which of the rules were written one after another, each by a rollout or outside of any."""
HISTORIES: st.SearchStrategy[History] = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([None, "a", "b"])), max_size=KEPT + 6
)


def entries_of(history: History) -> list[Entry]:
    """As they are after each run has read and written the ledger."""
    live, entries = RULES[0], list[Entry]()
    for number, (rules, rollout) in enumerate(history):
        if RULES[rules] != live:
            at = CHANGE.at + timedelta(days=number)
            change = replace(CHANGE, at=at, before=live, after=RULES[rules])
            added = [*entries, Entry(change, missing="no inventory", rollout=rollout)]
            entries = read_ledger(json.loads(json.dumps(to_json(added))))
            live = RULES[rules]
    return entries


def changes(history: History) -> list[tuple[RuleSet, RuleSet, str | None]]:
    """The whole history: nothing is forgotten."""
    sides = [0, *(rules for rules, _ in history)]
    by = [rollout for _, rollout in history]
    told = zip(sides, sides[1:], by, strict=False)
    return [(RULES[one], RULES[two], rollout) for one, two, rollout in told if one != two]


@given(HISTORIES)
def test_it_is_what_was_live_when_the_rollout_began_or_no_longer_known(history: History) -> None:
    every = changes(history)
    found = before_rollout(entries_of(history), "a", None)
    of_it = [place for place, (_, _, rollout) in enumerate(every) if rollout == "a"]
    if not of_it:
        assert found is None
    elif of_it[0] < len(every) - KEPT:
        assert found is NotKnown.DROPPED
    else:
        assert isinstance(found, BeforeRollout)
        assert (found.before, found.after) == (every[of_it[0]][0], every[of_it[-1]][1])
        others = [after for _, after, rollout in every[of_it[0] :] if rollout != "a"]
        assert [each.after for each in found.again] == [x for x in others if x != found.before]


@given(HISTORIES, st.integers(0, 3), st.sampled_from([("a",), ("", "a"), ("b",), ()]))
def test_a_change_that_was_not_recorded_is_of_the_only_run_that_ended_early(
    history: History, applied: int, begun: tuple[str, ...]
) -> None:
    entries = entries_of(history)
    found = before_rollout(entries, "a", RULES[applied], begun)
    known = before_rollout(entries, "a", RULES[applied])
    last = entries[-1].change.after if entries else None
    if known is not None or "a" not in begun or last == RULES[applied]:
        assert found == known
    elif last is None or begun != ("a",):
        assert found is NotKnown.UNRECORDED
    else:
        assert isinstance(found, BeforeRollout)
        assert (found.before, found.after) == (last, RULES[applied])


def test_rollouts_of_entries_that_are_not_kept_are_kept() -> None:
    history: History = [(1, "a"), (2, None), *((1 + n % 2, "b") for n in range(KEPT))]
    oldest, *others = entries_of(history)
    assert oldest.dropped == ("a",)
    assert not any(each.dropped for each in others)
