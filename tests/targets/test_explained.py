"""Whatever the rules and the thing, an explanation comes out, and it tells what S3 would do."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import action_due
from firnline.s3.simulate.history import history
from firnline.s3.simulate.obstacles import obstacles
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning
from firnline.targets.explained import to_text
from firnline.targets.explained_question import Question
from tests.s3.simulate.worlds import buckets, items, moments, rule_sets

STATE = "s3://b/x"


def parts_of(text: str) -> dict[str, str]:
    """By title, its lines one text; a drawing belongs to the part before it."""
    parts: dict[str, str] = {}
    title = ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            title = line
            parts[title] = ""
        elif line:
            parts[title] += f"{line}\n"
    return parts


@settings(max_examples=150)
@given(rule_sets(), buckets(), items(), moments())
def test_every_day_of_the_story_and_what_is_due_is_shown(
    rules: RuleSet, bucket: BucketState, item: StoredItem, now: datetime
) -> None:
    now = max(now, item.created, item.noncurrent_since or now) + timedelta(days=3)
    question = Question("s3://b/x", item, rules, bucket, None, now, aged=False)
    text = to_text([question], columns=100)
    for event in history(rules, bucket, item):
        assert f"{event.at:%Y-%m-%d}  age" in text
    due = action_due(rules, bucket, item, now)
    assert ("\n  due since" in text) == (
        due.action is not LifecycleAction.NONE
    )  # a line of its own
    assert max(len(line) for line in text.splitlines()) <= 100
    assert to_text([Question("s3://b/x", item, rules, bucket, None, now, aged=True)], 60)


@settings(max_examples=150)
@given(rule_sets(), items(), moments(), st.booleans())
def test_unknown_versioning_shows_what_both_versionings_show_and_no_more(
    rules: RuleSet, item: StoredItem, now: datetime, aged: bool
) -> None:
    now = max(now, item.created, item.noncurrent_since or now) + timedelta(days=3)
    under = {
        versioning: Question("s3://b/x", item, rules, BucketState(versioning), None, now, aged=aged)
        for versioning in (Versioning.ENABLED, Versioning.OFF)
    }
    alone = {each: parts_of(to_text([question], 100)) for each, question in under.items()}
    both = parts_of(to_text(list(under.values()), 100))
    enabled, off = alone.values()
    differ = {title for title in enabled if enabled[title] != off[title]} - {STATE}
    assert ("versioning unknown" in " ".join(both.pop(STATE).split())) == bool(differ)
    del off[STATE]
    for title, text in off.items():
        if title not in differ:
            assert both.pop(title) == text
            continue
        plain = title.rstrip("?")
        for clause, versioning in (
            ("the bucket keeps versions", Versioning.ENABLED),
            ("versions were never kept", Versioning.OFF),
        ):
            (shown,) = [each for each in both if each.startswith(plain) and clause in each]
            assert both.pop(shown) == alone[versioning][title]
    assert not both


@settings(max_examples=150)
@given(rule_sets(), buckets(), items(), moments())
def test_without_an_obstacle_something_else_is_due(
    rules: RuleSet, bucket: BucketState, item: StoredItem, at: datetime
) -> None:
    now = action_due(rules, bucket, item, at)
    for found in obstacles(rules, bucket, item, at):
        assert found.without.action is not LifecycleAction.NONE
        changed = (found.without.action, found.without.storage_class)
        assert changed != (now.action, now.storage_class)
