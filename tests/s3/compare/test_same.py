"""Two configurations are called the same exactly where nothing in the world tells them apart."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import differences, same, surely_same
from firnline.s3.compare.witness import witness_of
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.terms import Days, StorageClass, Versioning
from tests.s3.compare import worlds

UNIVERSE = tuple(worlds.universe())
LOCKED = tuple(
    (replace(item, legal_hold=True), today) for item, today in UNIVERSE if not item.current
)
EXAMPLES = int(os.environ.get("FIRNLINE_PROOF_EXAMPLES", "80"))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RuleSet, RuleSet]:
    """Two configurations; mostly the second is the first with one rule changed."""
    one = draw(worlds.configurations())
    if draw(st.integers(0, 3)) == 0:
        return one, draw(worlds.configurations())
    place = draw(st.integers(0, len(one.rules) - 1))
    changed = draw(
        st.one_of(
            worlds.rules("new"),
            worlds.whens.map(
                lambda when: replace(
                    one.rules[place], expires=max(when, Days(1)) if isinstance(when, int) else when
                )
            ),
            st.just(replace(one.rules[place], enabled=False)),
            st.just(replace(one.rules[place], id="renamed")),
        )
    )
    rules = list(one.rules)
    rules[place] = changed
    return one, replace(one, rules=tuple(rules))


@settings(max_examples=EXAMPLES, deadline=None)
@given(pairs(), st.sampled_from(Versioning), st.booleans())
def test_the_verdict_is_that_of_trying_everything(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning, locks: bool
) -> None:
    one, other = pair
    found = list(differences(one, other, facts(versioning, object_lock=locks)))
    event("differ" if found else "same")
    prefixes = {rule.filter.prefix for rule in (*one.rules, *other.rules)}
    for difference in found:
        witness = witness_of(difference, prefixes)
        stories = [
            worlds.told(side, versioning, witness.item, witness.today) for side in (one, other)
        ]
        assert stories[0] != stories[1], witness
        assert witness.one != witness.other
    if not found:
        for item, today in chain(UNIVERSE, LOCKED if locks else ()):
            told = [worlds.told(side, versioning, item, today) for side in (one, other)]
            assert told[0] == told[1], item


def _rule(rule_id: str, prefix: str, days: int, **more: object) -> Rule:
    return Rule(rule_id, Filter(prefix), expires=Days(days), **more)  # type: ignore[arg-type]


def test_names_order_and_idle_rules_make_no_difference() -> None:
    one = RuleSet((_rule("a", "x/", 30), _rule("b", "y/", 60)))
    other = RuleSet((_rule("c", "y/", 60), _rule("d", "x/", 30), _rule("e", "x/z/", 90)))
    assert same(one, other)


def test_what_agrees_on_new_objects_may_differ_on_old_ones() -> None:
    """Hidden by a marker at 5 days, moved at 10: only what is older at the start ever moves."""
    ending = _rule("a", "", 5)
    moving = Rule("b", Filter(), transitions=(Transition(Days(10), StorageClass("GLACIER")),))
    one, other = RuleSet((ending,)), RuleSet((ending, moving))
    assert same(one, other, facts(Versioning.OFF))
    (found,) = differences(one, other, facts(Versioning.ENABLED))
    assert found.state.age == 10


def test_too_many_tags_are_said_to_be_too_many() -> None:
    tagged = [Rule(str(n), Filter("x/", ((f"k{n}", "v"),)), expires=Days(n + 1)) for n in range(16)]
    with pytest.raises(NotAnalysed, match="x/"):
        list(differences(RuleSet(tuple(tagged)), RuleSet(tuple(tagged[1:]))))


def test_a_filter_of_more_tags_than_an_object_can_have_does_nothing() -> None:
    tags = tuple((f"k{n:02}", "v") for n in range(11))
    never = Rule("a", Filter("x/", tags), expires=Days(1))
    keep = _rule("b", "y/", 9)
    assert same(RuleSet((never, keep)), RuleSet((keep,)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(pairs())
def test_what_is_surely_the_same_is_the_same_on_every_bucket(
    pair: tuple[RuleSet, RuleSet],
) -> None:
    everywhere = [
        same(*pair, facts(versioning, object_lock=locked))
        for versioning in Versioning
        for locked in (False, True)
    ]
    assert surely_same(*pair) is all(everywhere)
