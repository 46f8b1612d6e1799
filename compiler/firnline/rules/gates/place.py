"""Where do the policies say what needs an approval?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firnline.diagnostics.position import BucketPlace, Place, Span
from firnline.language.model import Clocks, Policy, Retention
from firnline.rules.diff.changes import Change
from firnline.rules.diff.items import Comparison, ReviewItem
from firnline.rules.gates.gate import GatedItem
from firnline.s3.terms import Clock


def place_of(item: GatedItem, found: Comparison) -> Place:
    """In the later snapshot: the age at which it ends; else its retention or its policy, or the
    file of a configuration, or else the bucket.
    """
    names = [item.retention] if item.retention else []
    if item.rule is not None:
        return _place_of_rule(item.rule.id, item.buckets, found)
    return _place(names, item.changes, item.buckets, found)


def place_of_change(item: ReviewItem, found: Comparison) -> Place:
    return _place([], (item.change,), item.buckets, found)


def _place(
    names: Sequence[str], changes: tuple[Change, ...], buckets: Sequence[str], found: Comparison
) -> Place:
    names = [*names, *(each.retention for each in changes if each.retention)]
    for key in buckets:
        after = found.pairs[key][1]
        for span in _spans(
            names, changes[0].clock, after.program.policies if after.program else ()
        ):
            return span
        if after.written is not None:
            return after.written
    return BucketPlace(buckets[0].split("/", 2)[-1])


def _place_of_rule(rule_id: str, buckets: Sequence[str], found: Comparison) -> Place:
    """Where a policy says that it goes."""
    programs = (found.pairs[key][1].program for key in buckets)
    for policy in (each for program in programs if program for each in program.policies):
        adopted = next((said for said in policy.adopts if said.value == rule_id), None)
        if said := adopted or policy.foreign_rules:
            return said.span
    return BucketPlace(buckets[0].split("/", 2)[-1])


def _spans(names: Sequence[str], clock: Clock, policies: tuple[Policy, ...]) -> Iterator[Span]:
    """The narrowest first."""
    for name in names:
        of, _, retention = name.partition("/")
        for policy in policies:
            if policy.name.value == of:
                yield from _in_policy(policy, retention, clock)


def _in_policy(policy: Policy, name: str, clock: Clock) -> Iterator[Span]:
    retention = next((each for each in policy.retentions if each.name.value == name), None)
    clocks = retention.clocks if retention else policy.whole_bucket
    yield from _in_clocks(clocks, clock)
    yield retention.name.span if isinstance(retention, Retention) else policy.name.span


def _in_clocks(clocks: Clocks, clock: Clock) -> Iterator[Span]:
    if clock is Clock.MULTIPART_UPLOADS:
        if clocks.uploads is not None:
            yield clocks.uploads.span
        return
    timeline = clocks.objects if clock is Clock.OBJECTS else clocks.old_versions
    if timeline is not None and timeline.delete is not None:
        yield timeline.delete.span
