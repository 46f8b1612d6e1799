"""Whatever the rules and the thing, an explanation comes out, and it tells what S3 would do."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import action_due
from firnline.s3.simulate.history import history
from firnline.s3.simulate.obstacles import obstacles
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem
from firnline.targets.explained import to_text
from firnline.targets.explained_question import Question
from tests.s3.simulate.worlds import buckets, items, moments, rule_sets


@settings(max_examples=150)
@given(rule_sets(), buckets(), items(), moments())
def test_every_day_of_the_story_and_what_is_owed_is_told(
    rules: RuleSet, bucket: BucketState, item: StoredItem, now: datetime
) -> None:
    now = max(now, item.created, item.noncurrent_since or now) + timedelta(days=3)
    question = Question("s3://b/x", item, rules, bucket, None, now, aged=False)
    text = to_text(question, columns=100)
    for event in history(rules, bucket, item):
        assert f"{event.at:%Y-%m-%d}  age" in text
    due = action_due(rules, bucket, item, now)
    assert ("\n  due since" in text) == (
        due.action is not LifecycleAction.NONE
    )  # a line of its own
    assert max(len(line) for line in text.splitlines()) <= 100
    assert to_text(Question("s3://b/x", item, rules, bucket, None, now, aged=True), 60)


@settings(max_examples=150)
@given(rule_sets(), buckets(), items(), moments())
def test_without_an_obstacle_something_else_is_owed(
    rules: RuleSet, bucket: BucketState, item: StoredItem, at: datetime
) -> None:
    now = action_due(rules, bucket, item, at)
    for found in obstacles(rules, bucket, item, at):
        assert found.without.action is not LifecycleAction.NONE
        changed = (found.without.action, found.without.storage_class)
        assert changed != (now.action, now.storage_class)
