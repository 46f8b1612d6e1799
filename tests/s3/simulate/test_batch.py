"""Many things at once get the answers that each would get alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import ActionDue, action_due
from firnline.s3.simulate.batch import ActionTaken, Batch, BatchStep
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, StoredItem
from tests.s3.simulate.worlds import START, buckets, items, moments, rule_sets


def taken(found: ActionDue) -> ActionTaken:
    return ActionTaken(found.action, found.due, found.storage_class, found.rules)


CROWDS = st.lists(items(), max_size=30)


@settings(max_examples=150)
@given(rule_sets(), buckets(), CROWDS, moments())
def test_what_is_owed_is_what_the_reference_says(
    rules: RuleSet, bucket: BucketState, batch: list[StoredItem], at: datetime
) -> None:
    at += timedelta(days=5)
    assert list(Batch(rules, bucket).actions_due(batch, at)) == [
        taken(action_due(rules, bucket, item, at)) for item in batch
    ]


@settings(max_examples=100)
@given(rule_sets(), buckets(), CROWDS, st.one_of(st.none(), moments()), st.booleans())
def test_stories_are_those_of_the_reference(
    rules: RuleSet, bucket: BucketState, batch: list[StoredItem], since: datetime | None, ends: bool
) -> None:
    until = START + timedelta(days=14) if ends else None
    assert list(Batch(rules, bucket).histories(batch, since, until)) == [
        tuple(
            BatchStep(
                each.at, taken(each.action_due), each.item.storage_class if each.item else None
            )
            for each in history(rules, bucket, item, since, until)
        )
        for item in batch
    ]
