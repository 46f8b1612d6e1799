"""Many things at once get the answers that each would get alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import Owed, owed
from firnline.s3.simulate.batch import Crowd, Deed, Step
from firnline.s3.simulate.history import story
from firnline.s3.simulate.stored import BucketState, Thing
from tests.s3.simulate.worlds import START, buckets, moments, rule_sets, things


def deed(found: Owed) -> Deed:
    return Deed(found.action, found.due, found.storage_class, found.rules)


CROWDS = st.lists(things(), max_size=30)


@settings(max_examples=150)
@given(rule_sets(), buckets(), CROWDS, moments())
def test_what_is_owed_is_what_the_reference_says(
    rules: RuleSet, bucket: BucketState, crowd: list[Thing], at: datetime
) -> None:
    at += timedelta(days=5)
    assert list(Crowd(rules, bucket).owed(crowd, at)) == [
        deed(owed(rules, bucket, thing, at)) for thing in crowd
    ]


@settings(max_examples=100)
@given(rule_sets(), buckets(), CROWDS, st.one_of(st.none(), moments()), st.booleans())
def test_stories_are_those_of_the_reference(
    rules: RuleSet, bucket: BucketState, crowd: list[Thing], since: datetime | None, ends: bool
) -> None:
    until = START + timedelta(days=14) if ends else None
    assert list(Crowd(rules, bucket).stories(crowd, since, until)) == [
        tuple(
            Step(each.at, deed(each.owed), each.thing.storage_class if each.thing else None)
            for each in story(rules, bucket, thing, since, until)
        )
        for thing in crowd
    ]
