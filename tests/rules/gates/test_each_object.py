"""Whatever ends sooner because of a change, tried object by object, waits for an approval."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.rules.diff.items import compare, digest_of
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, GatedItem
from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.stored import LifecycleAction
from firnline.s3.terms import Clock, Versioning
from firnline.targets.formats.changes_json import to_json
from firnline.targets.review.model import Review
from tests.rules.diff import small_buckets
from tests.rules.diff.small_buckets import Kept
from tests.rules.diff.test_scopes import in_scope

KEY = "lab/*/lab-data"
CODES = {
    Clock.OBJECTS: {"FL401", "FL405"},
    Clock.MULTIPART_UPLOADS: {"FL401", "FL405"},
    Clock.NONCURRENT_VERSIONS: {"FL411"},
}
ENDS = frozenset(
    (
        LifecycleAction.EXPIRE,
        LifecycleAction.DELETE_MARKER,
        LifecycleAction.DELETE_VERSION,
        LifecycleAction.ABORT_UPLOAD,
    )
)


@settings(max_examples=100, deadline=None)
@given(small_buckets.pairs(), st.sampled_from(list(Versioning)), st.booleans())
def test_exactly_what_ends_sooner_in_some_state_waits_for_an_approval(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning, had_none: bool
) -> None:
    if had_none:
        pair = RuleSet(()), pair[1]
    sides = [{KEY: BucketConfig(each, versioning)} for each in pair]
    found = compare(*sides)
    gated = gated_items(Circumstances("main", found))
    told = json.loads(to_json(Review("one", "other", found)))["items"]
    scopes = {one["digest"]: one for one in told}
    seen: set[str] = set()
    for clock, kept in dying_sooner(pair, versioning):
        waiting = [item for item in gated if any(holds(scopes, item, clock, kept))]
        assert len(waiting) == 1, (clock, kept)
        expected = {"FL415"} if had_none else CODES[clock]
        assert len(expected & set(waiting[0].codes)) == 1
        last_copy = clock is Clock.OBJECTS and versioning is not Versioning.ENABLED
        assert had_none or ("FL410" in waiting[0].codes) is last_copy
        seen.add(waiting[0].digest)
    assert seen == {item.digest for item in gated}, "gates without anything that ends sooner"
    event(f"{len(seen)} gates")


def dying_sooner(
    pair: tuple[RuleSet, RuleSet], versioning: Versioning
) -> Iterator[tuple[Clock, Kept]]:
    """Without transitions, for which S3 takes a day of its own."""
    before, after = (RuleSet(tuple(map(without_moves, side.rules))) for side in pair)
    starts = [each for each in small_buckets.starts_of(pair) if each[0] == "STANDARD"]
    for clock, kept, old, new in small_buckets.fates((before, after), versioning, starts=starts):
        if any(ends(after) and not ends(before) for before, after in zip(old, new, strict=True)):
            yield clock, kept


def without_moves(rule: Rule) -> Rule:
    return replace(rule, transitions=(), noncurrent_transitions=())


def ends(due: Any) -> bool:
    return due is not None and due[0] in ENDS


def holds(
    scopes: dict[str, dict[str, Any]], item: GatedItem, clock: Clock, kept: Kept
) -> Iterator[bool]:
    for change in item.changes:
        if change.clock is clock:
            yield in_scope(scopes[digest_of(change, item.buckets)], kept)
