"""On which days S3 may say that it expires an object: as a naive reading of the rules has it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from firnline.fleet.expiry.expected_day import Open, StoredFacts, expected_day, needs_tags
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days, ReplicationStatus, StorageClass, Versioning

TAGS = (("team", "a"), ("team", "b"), ("keep", ""))
START = datetime(2026, 2, 27, tzinfo=UTC)
RULES = st.builds(
    Rule,
    id=st.sampled_from(["one", "two", "three"]),
    filter=st.builds(
        Filter,
        prefix=st.sampled_from(["", "tmp/", "tmp/a", "TMP/"]),
        tags=st.sampled_from([(), (), TAGS[:1], TAGS[1:2], TAGS[::2]]),
        larger_than=st.sampled_from([None, 0, 4, 5]),
        smaller_than=st.sampled_from([None, 5, 6]),
    ),
    enabled=st.sampled_from([True, True, False]),
    transitions=st.sampled_from([(), (Transition(Days(3), StorageClass("GLACIER")),)]),
    expires=st.sampled_from([None, Days(1), Days(3), Days(10), date(2026, 3, 2), date(2020, 1, 1)]),
    removes_sole_markers=st.booleans(),
)
OBJECTS = st.builds(
    StoredItem,
    key=st.sampled_from(["tmp/a", "tmp/b", "x"]),
    created=st.integers(0, 4 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
    | st.integers(0, 4).map(lambda days: START + timedelta(days=days)),
    size=st.sampled_from([0, 4, 5, 6]),
    tags=st.sampled_from([(), TAGS[:1], TAGS[1:2], (TAGS[2], TAGS[0])]),
    replication=st.sampled_from([None, ReplicationStatus.FAILED, ReplicationStatus.COMPLETED]),
)


def naive(rules: list[Rule], item: StoredItem, tags: set[tuple[str, str]]) -> set[date | None]:
    """With either reading of what is created at midnight."""
    found: set[date | None] = set()
    for later in (False, True):
        days = []
        for rule in rules:
            scope = rule.filter
            if not rule.enabled or rule.expires is None or not set(scope.tags) <= tags:
                continue
            if item.key[: len(scope.prefix)] != scope.prefix:
                continue
            if scope.larger_than is not None and item.size <= scope.larger_than:
                continue
            if scope.smaller_than is not None and item.size >= scope.smaller_than:
                continue
            if not isinstance(rule.expires, int):
                days.append(rule.expires)
                continue
            end, midnight = item.created + timedelta(days=rule.expires), START - timedelta(days=400)
            while midnight < end or (later and midnight == end):
                midnight += timedelta(days=1)
            days.append(midnight.date())
        found.add(min(days) if days else None)
    return found


@given(st.lists(RULES, max_size=4), OBJECTS, st.sampled_from(Versioning), st.booleans())
def test_the_possible_days_are_those_of_a_naive_reading(
    rules: list[Rule], item: StoredItem, versioning: Versioning, knows_tags: bool
) -> None:
    facts = StoredFacts(item, knows_tags)
    found = expected_day(RuleSet(tuple(rules)), BucketState(versioning), facts)
    if knows_tags:
        wanted = naive(rules, item, set(item.tags))
    else:
        sets = [set(some) for count in range(4) for some in combinations(TAGS, count)]
        wanted = set().union(*(naive(rules, item, some) for some in sets))
    if item.replication is ReplicationStatus.FAILED:
        wanted.add(None)
    # A tag has one value; that no object has both values of `team` changes no day.
    assert found.possible == wanted
    assert found.day in found.possible
    assert found.is_certain == (not found.open)


def rule(days: int, **scope: object) -> Rule:
    return Rule(f"{days}d", Filter(**scope), expires=Days(days))  # type: ignore[arg-type]  # any part


def test_what_leaves_the_day_open_is_told() -> None:
    rules = RuleSet((rule(10), rule(3, tags=TAGS[:1])))
    noon = StoredItem("a", datetime(2026, 11, 1, 12, tzinfo=UTC))
    midnight = StoredItem("a", datetime(2026, 11, 1, tzinfo=UTC))
    state = BucketState()
    assert needs_tags(rules, state, noon)
    assert not needs_tags(RuleSet((rule(3), rule(10, tags=TAGS[:1]))), state, noon)
    unknown = expected_day(rules, state, StoredFacts(noon, knows_tags=False))
    assert unknown.possible == {date(2026, 11, 12), date(2026, 11, 5)}
    assert unknown.open == (Open.TAGS,)
    at_midnight = expected_day(rules, state, StoredFacts(midnight))
    assert at_midnight.possible == {date(2026, 11, 11), date(2026, 11, 12)}
    assert at_midnight.open == (Open.MIDNIGHT,)
