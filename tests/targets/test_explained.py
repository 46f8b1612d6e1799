"""Whatever the rules and the thing, an explanation comes out, and it tells what S3 would do."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import owed
from firnline.s3.simulate.history import story
from firnline.s3.simulate.obstacles import obstacles
from firnline.s3.simulate.stored import Action, BucketState, Thing
from firnline.targets.explained import to_text
from firnline.targets.explained_question import Question
from tests.s3.simulate.worlds import buckets, moments, rule_sets, things


@settings(max_examples=150)
@given(rule_sets(), buckets(), things(), moments())
def test_every_day_of_the_story_and_what_is_owed_is_told(
    rules: RuleSet, bucket: BucketState, thing: Thing, now: datetime
) -> None:
    now = max(now, thing.created, thing.noncurrent_since or now) + timedelta(days=3)
    question = Question("s3://b/x", thing, rules, bucket, None, now, aged=False)
    text = to_text(question, columns=100)
    for event in story(rules, bucket, thing):
        assert f"{event.at:%Y-%m-%d}  age" in text
    due = owed(rules, bucket, thing, now)
    assert ("\n  due since" in text) == (due.action is not Action.NONE)  # a line of its own
    assert max(len(line) for line in text.splitlines()) <= 100
    assert to_text(Question("s3://b/x", thing, rules, bucket, None, now, aged=True), 60)


@settings(max_examples=150)
@given(rule_sets(), buckets(), things(), moments())
def test_without_an_obstacle_something_else_is_owed(
    rules: RuleSet, bucket: BucketState, thing: Thing, at: datetime
) -> None:
    now = owed(rules, bucket, thing, at)
    for found in obstacles(rules, bucket, thing, at):
        assert found.without.action is not Action.NONE
        changed = (found.without.action, found.without.storage_class)
        assert changed != (now.action, now.storage_class)
