"""An answer that differs from what is expected → what is wrong, with an object that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import inf
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import visible
from firnline.fleet.live import Live
from firnline.fleet.ownership import is_ours
from firnline.fleet.verify.answer import rules_of
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.foreign import foreign_changes
from firnline.fleet.verify.kinds import (
    BUCKET_GONE,
    NOT_ROLLED_OUT,
    RULES_DIFFER,
    RULES_MISSING,
    SHORT_EXPIRY,
)
from firnline.fleet.verify.sooner import SHORT, days_left, days_of, deletes_sooner, soonest_first
from firnline.rules.diff.items import BucketNotAnalysed, ReviewItem, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.diff.words import in_words, subject
from firnline.s3.compare.same import surely_same, unknown_classes, without_unknown_classes
from firnline.s3.compare.witness_words import item_in_words, steps_in_words
from firnline.s3.model import Rule, RuleSet

_LISTED: Final = 5


def differences(live: Live, expected: ExpectedBucket, today: date) -> tuple[Diagnostic, ...]:
    """The gravest first; at least one. `live` is an answer that lasts, and that differs."""
    if not live.bucket_exists:
        return (_gone(expected),)
    rules = rules_of(live)
    if expected.before is not None and surely_same(rules, expected.before):
        return (_pending(rules, expected, today),)
    try:
        items = _compared(expected.rules, rules, expected)
        by_text = []
    except BucketNotAnalysed:
        items, by_text = [], _short_rules(rules, expected, today)
    sooner = soonest_first(filter(deletes_sooner, items), today)
    if sooner and days_left(sooner[0], today) > SHORT and not _by_unknown_rules(rules, expected):
        sooner = []
    found = [_short_expiry(sooner, rules, expected, today)] if sooner else []
    found += [_short_by_text(by_text, rules, expected, today)] if by_text else []
    others = [item for item in items if item not in sooner]
    ours, theirs = _ours(rules, expected), _ours(expected.rules, expected)
    if not any(rule.enabled for rule in ours.rules) and any(r.enabled for r in theirs.rules):
        found.append(_missing(live, others, rules, expected))
    elif not surely_same(ours, theirs):
        found += [] if sooner and not others else [_differ(others, rules, expected)]
    found += foreign_changes(rules, expected, new_are_told=bool(sooner or by_text))
    return tuple(found or [_differ(others, rules, expected)])


def place_of(expected: ExpectedBucket) -> BucketPlace:
    return BucketPlace(expected.bucket.name, expected.bucket.account.id.value)


def _items(before: RuleSet, after: RuleSet, expected: ExpectedBucket) -> list[ReviewItem]:
    """As `_compared`; empty where that cannot be told."""
    try:
        return _compared(before, after, expected)
    except BucketNotAnalysed:
        return []


def _compared(before: RuleSet, after: RuleSet, expected: ExpectedBucket) -> list[ReviewItem]:
    """What `after` does to objects that `before` does not. Raises `BucketNotAnalysed`."""
    one, other = (without_unknown_classes(each) for each in (before, after))
    for versioning in (expected.versioning, None):
        # Rules may differ in what has an effect under another versioning only.
        config = BucketConfig(one, versioning, expected.object_lock)
        key = expected.bucket.key
        found = compare({key: config}, {key: replace(config, rules=other)})
        if found.items:
            return list(found.items)
    return []


def _by_unknown_rules(rules: RuleSet, expected: ExpectedBucket) -> bool:
    """Whether it is rules that no policy has that delete sooner, and not only changed ones."""
    unknown = _unknown(rules, expected)
    if not unknown:
        return False
    beside = replace(expected.rules, rules=(*expected.rules.rules, *unknown))
    return any(map(deletes_sooner, _items(expected.rules, beside, expected)))


def _unknown(rules: RuleSet, expected: ExpectedBucket) -> tuple[Rule, ...]:
    known = {rule.id for rule in (*expected.rules.rules, *expected.going)}
    return tuple(rule for rule in rules.rules if rule.id not in known)


def _short_rules(rules: RuleSet, expected: ExpectedBucket, today: date) -> list[Rule]:
    """Live rules that by themselves delete within a week, and sooner than the one that they were;
    the soonest first.
    """
    known = {rule.id: rule for rule in (*expected.going, *expected.rules.rules)}
    before = {id: days_of(rule, today) for id, rule in known.items()}
    short = {rule: days_of(rule, today) for rule in rules.rules}
    found = [rule for rule in short if short[rule] < before.get(rule.id, inf)]
    return sorted((each for each in found if short[each] <= SHORT), key=lambda each: short[each])


def _short_by_text(
    short: Sequence[Rule], rules: RuleSet, expected: ExpectedBucket, today: date
) -> Diagnostic:
    days = int(days_of(short[0], today))
    return SHORT_EXPIRY.at(
        place_of(expected),
        f"{_named(short[0].id)} of `{visible(expected.bucket.name)}` deletes"
        f" {_when(days)}, which no policy says",
        notes=[
            *_rules_apart(rules, expected),
            "the filters of its rules have too many combinations to tell what they do together",
        ],
        remedy=Advise(_stop(rules, expected)),
    )


def _when(days: int) -> str:
    return f"after {how_many(days, 'day')}" if days else "at the next midnight UTC"


def _short_expiry(
    sooner: Sequence[ReviewItem], rules: RuleSet, expected: ExpectedBucket, today: date
) -> Diagnostic:
    when = _when(int(days_left(sooner[0], today)))
    what = subject(sooner[0].change)
    return SHORT_EXPIRY.at(
        place_of(expected),
        f"`{visible(expected.bucket.name)}` deletes {what} {when}, which no policy says",
        notes=[*_rules_apart(rules, expected), *_told(sooner)],
        remedy=Advise(_stop(rules, expected)),
    )


def _stop(rules: RuleSet, expected: ExpectedBucket) -> str:
    """A deployment does not write over a rule of others that the lock does not have."""
    unknown = (rule.id for rule in _unknown(rules, expected))
    others = sorted(id for id in unknown if not is_ours(id, expected.namespace))
    bucket = visible(expected.bucket.name)
    first = (
        f"remove {', '.join(_named(each) for each in others[:_LISTED])} from `{bucket}`, in the"
        " console or with the AWS CLI"
        if others
        else "run `pulumi refresh --run-program=false`, then `pulumi up`, which writes the rules of"
        " the policies again"
    )
    who = f"`firnline show {bucket} --writers` says who wrote this"
    return f"{first}, before the next midnight UTC: S3 deletes by it then; {who}"


def _differ(others: Sequence[ReviewItem], rules: RuleSet, expected: ExpectedBucket) -> Diagnostic:
    bucket = visible(expected.bucket.name)
    if rules.minimum_size is not expected.rules.minimum_size:
        header = "x-amz-transition-default-minimum-object-size"
        was, now = expected.rules.minimum_size.value, rules.minimum_size.value
        notes = [f"the header {header} is `{now}`, and the policies say `{was}`"]
    else:
        notes = []
    unknown = ", ".join(map(visible, sorted(unknown_classes(rules))))
    notes += [f"what a transition into {unknown} does is not known"] if unknown else []
    does = "delete sooner" if any(map(deletes_sooner, others)) else "do something else"
    return RULES_DIFFER.at(
        place_of(expected),
        f"the live rules of `{bucket}` {does} than the policies say",
        notes=[*notes, *_rules_apart(rules, expected), *_told(others)],
        remedy=Advise(
            f"look who wrote them with `firnline show {bucket} --writers`; `pulumi refresh"
            " --run-program=false`, then `pulumi up` writes what the policies say; where they are"
            " only not rolled out yet, `firnline verify --base git:REV` tells that apart"
        ),
    )


def _missing(
    live: Live, others: Sequence[ReviewItem], rules: RuleSet, expected: ExpectedBucket
) -> Diagnostic:
    bucket = visible(expected.bucket.name)
    said = (
        f"`{bucket}` has no lifecycle configuration"
        if live.shape is None
        else f"`{bucket}` has rules, but none in effect of those that the policies give it"
    )
    notes = [*_rules_apart(rules, expected), *_told(others, with_example=live.shape is not None)]
    return RULES_MISSING.at(place_of(expected), said, notes=notes)


def _gone(expected: ExpectedBucket) -> Diagnostic:
    return BUCKET_GONE.at(
        place_of(expected), f"`{visible(expected.bucket.name)}` does not exist any more"
    )


def _pending(rules: RuleSet, expected: ExpectedBucket, today: date) -> Diagnostic:
    """What the policies of today would change there."""
    items = _items(rules, expected.rules, expected)
    ordered = [*soonest_first(filter(deletes_sooner, items), today)]
    ordered += [item for item in items if item not in ordered]
    return NOT_ROLLED_OUT.at(
        place_of(expected),
        f"`{visible(expected.bucket.name)}` has the rules of the earlier revision",
        notes=[
            f"{subject(each.change)}: {' → '.join(in_words(each.change))}"
            for each in ordered[:_LISTED]
        ],
    )


def _told(items: Sequence[ReviewItem], *, with_example: bool = True) -> Iterator[str]:
    """In words, the first with an object that shows it."""
    for item in items[:_LISTED]:
        said, now = in_words(item.change)
        yield f"{subject(item.change)}: {said} by the policies, {now} live"
        if with_example and item is items[0]:
            example = item.example
            yield (
                f"for example {item_in_words(example)}: {steps_in_words(example.one)} by the"
                f" policies, {steps_in_words(example.other)} live"
            )
    if len(items) > _LISTED:
        yield f"and {how_many(len(items) - _LISTED, 'more difference')}"


def _rules_apart(rules: RuleSet, expected: ExpectedBucket) -> Iterator[str]:
    """By their IDs: people often know by its name whose a rule is."""
    live = {rule.id: rule.in_order for rule in rules.rules}
    said = {rule.id: rule.in_order for rule in expected.rules.rules}
    yield from _listed("only live", live.keys() - said.keys())
    yield from _listed("not live", said.keys() - live.keys())
    both = live.keys() & said.keys()
    yield from _listed("live in another form", (id for id in both if live[id] != said[id]))


def _listed(what: str, ids: Iterable[str]) -> Iterator[str]:
    named = [_named(each) for each in sorted(ids)]
    if named:
        more = f" and {len(named) - _LISTED:,} more" if len(named) > _LISTED else ""
        yield f"{what}: {', '.join(named[:_LISTED])}{more}"


def _named(id: str) -> str:
    return f"`{visible(id)}`" if id else "the rule without an ID"


def _ours(rules: RuleSet, expected: ExpectedBucket) -> RuleSet:
    ours: tuple[Rule, ...] = tuple(
        rule for rule in rules.rules if is_ours(rule.id, expected.namespace)
    )
    return replace(rules, rules=ours)
