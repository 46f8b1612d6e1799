"""Items are the same for whatever means the same, and another item for anything else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.language.syntax import Content
from firnline.pipeline import compile_files
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import BucketNotAnalysed, Comparison, ReviewItem, Snapshot, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.diff.words import in_words, places
from firnline.s3.compare.witness import WitnessStep
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.simulate.stored import LifecycleAction
from firnline.s3.terms import Clock, Days, StorageClass, Versioning
from firnline.workspace import read_folder
from tests.policies import whole
from tests.s3.compare import worlds
from tests.s3.compare.test_same import pairs
from tests.test_golden import CASES, GOLDEN, _with_keys_reversed

KEY = "lab/*/lab-data"


def compiled(text: str) -> Snapshot:
    return side_of({"p.yaml": text.encode()})


def side_of(files: Mapping[str, Content]) -> Snapshot:
    compilation = compile_files(files)
    assert not compilation.failed, compilation.diagnostics
    return {
        each.bucket.key: BucketConfig(
            each.rules, each.bucket.versioning, each.bucket.object_lock, each.program
        )
        for each in compilation.buckets
    }


def bare(side: Snapshot) -> Snapshot:
    """What is left of a side once it is JSON."""
    return {key: BucketConfig(held.rules, held.versioning) for key, held in side.items()}


def one_item(before: str, after: str) -> ReviewItem:
    (item,) = compare(compiled(before), compiled(after)).items
    return item


def digests(found: Comparison) -> list[str]:
    return [item.digest for item in found.items]


def taken_apart(rule: Rule) -> Iterator[Rule]:
    """The rule as one rule for each thing it does."""
    nothing = Rule(rule.id, rule.filter, rule.enabled)
    for step in rule.transitions:
        yield replace(nothing, transitions=(step,))
    if rule.expires is not None:
        yield replace(nothing, expires=rule.expires)
    if rule.removes_sole_markers:
        yield replace(nothing, removes_sole_markers=True)
    for old in rule.noncurrent_transitions:
        yield replace(nothing, noncurrent_transitions=(old,))
    if rule.noncurrent_expires is not None:
        yield replace(nothing, noncurrent_expires=rule.noncurrent_expires)
    if rule.aborts_uploads_after is not None:
        yield replace(nothing, aborts_uploads_after=rule.aborts_uploads_after)


def reworded(rules: RuleSet, seed: int) -> RuleSet:
    """The same in other words: taken apart, shuffled, each with another name, and an idle one."""
    single = [each for rule in rules.rules for each in taken_apart(rule)]
    random.Random(seed).shuffle(single)
    named = [replace(each, id=f"{seed}-{place}") for place, each in enumerate(single)]
    idle = [replace(each, id=f"off-{each.id}", enabled=False) for each in named[:1]]
    return replace(rules, rules=(*named, *named[:1], *idle))


@settings(max_examples=150, deadline=None)
@given(worlds.configurations(), st.integers(0, 99), st.sampled_from([*Versioning, None]))
def test_another_wording_is_no_change(
    rules: RuleSet, seed: int, versioning: Versioning | None
) -> None:
    sides = ({KEY: BucketConfig(each, versioning)} for each in (rules, reworded(rules, seed)))
    assert compare(*sides).items == ()


@settings(max_examples=150, deadline=None)
@given(pairs(), st.integers(0, 99), st.sampled_from([*Versioning, None]))
def test_digests_do_not_depend_on_the_wording_of_either_side(
    pair: tuple[RuleSet, RuleSet], seed: int, versioning: Versioning | None
) -> None:
    def found(one: RuleSet, other: RuleSet) -> list[str]:
        return digests(
            compare({KEY: BucketConfig(one, versioning)}, {KEY: BucketConfig(other, versioning)})
        )

    one, other = pair
    assert found(one, other) == found(reworded(one, seed), reworded(other, seed + 1))


@pytest.mark.parametrize("case", CASES)
def test_files_written_otherwise_are_no_change(case: str) -> None:
    files = read_folder(GOLDEN / case)
    otherwise = {
        f"{number}.yaml": _with_keys_reversed(files[name])
        for number, name in enumerate(sorted(files, reverse=True))
    }
    assert compare(side_of(files), side_of(otherwise)).items == ()


POLICY = whole(
    "versioning: enabled\n"
    "old_versions: {delete_after: 7d}\n"
    "retain:\n"
    "  logs: {prefix: logs/, warm_after: 30d, delete_after: 90d}\n"
)


def test_an_item_survives_comments_renaming_and_what_else_is_added() -> None:
    after = POLICY.replace("90d", "60d")
    more = "  tmp: {prefix: tmp/, warm_after: 30d, delete_after: 45d}\n"
    item = one_item(POLICY, after)
    assert one_item(f"# a comment\n{POLICY}", after.replace("owner: lab", "owner: other")) == item
    beside = one_item(*(text.replace("  logs:", f"{more}  logs:") for text in (POLICY, after)))
    assert beside.digest == item.digest
    renamed = after.replace("  logs:", "  traces:").replace("policy: example", "policy: other")
    assert one_item(POLICY, renamed).digest == item.digest
    (from_json,) = compare(bare(compiled(POLICY)), compiled(after)).items
    assert from_json.digest == item.digest
    (to_json,) = compare(compiled(POLICY), bare(compiled(after))).items
    assert to_json.digest == item.digest


def test_an_approval_of_all_but_a_prefix_is_none_of_the_prefix() -> None:
    """A digest binds what is excluded, too."""
    after = POLICY.replace("90d", "60d")
    more = "  tmp: {prefix: logs/tmp/, warm_after: 30d, delete_after: 45d}\n"
    beside = one_item(*(text.replace("  logs:", f"{more}  logs:") for text in (POLICY, after)))
    assert places(beside.change) == "logs/, but not logs/tmp/"
    assert beside.digest != one_item(POLICY, after).digest


@pytest.mark.parametrize(("old", "new"), [("60d", "61d"), ("prefix: logs/", "prefix: log/")])
def test_any_other_change_is_another_item(old: str, new: str) -> None:
    after = POLICY.replace("90d", "60d")
    changed = after.replace(old, new)
    assert changed != after
    assert one_item(POLICY, after).digest not in digests(
        compare(compiled(POLICY), compiled(changed))
    )


def test_other_buckets_make_another_item() -> None:
    after = POLICY.replace("90d", "60d")
    more = ("buckets: lab-data", "buckets: [lab-data, lab-more]")
    item = one_item(POLICY.replace(*more), after.replace(*more))
    assert item.buckets == (KEY, "lab/*/lab-more")
    assert item.digest != one_item(POLICY, after).digest


def rules(*found: Rule) -> RuleSet:
    return RuleSet(tuple(replace(rule, id=str(place)) for place, rule in enumerate(found)))


def ending(days: int, prefix: str = "", **filter: object) -> Rule:
    return Rule("", Filter(prefix, **filter), expires=Days(days))  # type: ignore[arg-type]


def moving(days: int, into: str, prefix: str = "") -> Rule:
    return Rule("", Filter(prefix), transitions=(Transition(Days(days), StorageClass(into)),))


def old(days: int, newest: int | None = None) -> Rule:
    return Rule("", Filter(), noncurrent_expires=NoncurrentExpiration(Days(days), newest))


def uploads(days: int) -> Rule:
    return Rule("", Filter(), aborts_uploads_after=Days(days))


MARKERS = Rule("", Filter(), removes_sole_markers=True)
NOTHING = rules()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (rules(ending(90)), rules(ending(30)), "deletes-sooner"),
        (rules(moving(30, "GLACIER")), rules(moving(30, "GLACIER"), ending(99)), "deletes-sooner"),
        (rules(old(9, 3)), rules(old(9, 2)), "deletes-sooner"),
        (rules(uploads(7)), rules(uploads(3)), "deletes-sooner"),
        (NOTHING, rules(ending(30)), "new-scope"),
        (NOTHING, rules(moving(30, "STANDARD_IA")), "new-scope"),
        (rules(moving(90, "GLACIER")), rules(moving(30, "GLACIER")), "archives-sooner"),
        (rules(moving(30, "STANDARD_IA")), rules(moving(30, "GLACIER_IR")), "archives-sooner"),
        (
            rules(moving(30, "INTELLIGENT_TIERING")),
            rules(moving(30, "STANDARD_IA")),
            "archives-sooner",
        ),
        (rules(ending(30)), rules(ending(90)), "keeps-longer"),
        (rules(old(9)), rules(old(9, 1)), "keeps-longer"),
        (rules(uploads(3)), NOTHING, "lost-scope"),
        (rules(ending(30)), NOTHING, "lost-scope"),
        (rules(moving(30, "GLACIER")), rules(moving(90, "GLACIER")), "cost-only"),
        (rules(moving(30, "STANDARD_IA")), rules(moving(30, "INTELLIGENT_TIERING")), "cost-only"),
        (NOTHING, rules(MARKERS), "cost-only"),
        (rules(ending(30)), rules(moving(30, "GLACIER"), ending(30)), "archives-sooner"),
        (rules(ending(30)), rules(moving(60, "GLACIER"), ending(30)), "archives-sooner"),
    ],
)
def test_the_category_says_what_it_means_for_objects(
    before: RuleSet, after: RuleSet, expected: str
) -> None:
    (item,) = compare(
        {KEY: BucketConfig(before, Versioning.ENABLED)},
        {KEY: BucketConfig(after, Versioning.ENABLED)},
    ).items
    assert item.category is Category(expected)


def test_a_new_scope_that_deletes_is_as_strict_as_any_deletion() -> None:
    (item,) = compare({KEY: BucketConfig(NOTHING)}, {KEY: BucketConfig(rules(ending(30)))}).items
    assert item.categories == (Category.DELETES_SOONER, Category.NEW_SCOPE)


def test_dropping_a_move_deletes_nothing_sooner() -> None:
    """Of what is old already S3 would move first and delete a day later: no longer life."""
    before, after = rules(moving(30, "STANDARD_IA"), ending(90)), rules(ending(90))
    (item,) = compare(
        {KEY: BucketConfig(before, Versioning.ENABLED)},
        {KEY: BucketConfig(after, Versioning.ENABLED)},
    ).items
    assert item.categories == (Category.COST_ONLY,)


def test_an_example_is_of_the_bucket_that_it_names() -> None:
    ways = {"lab/*/b": Versioning.ENABLED, "lab/*/a": Versioning.OFF}
    before, after = (
        {key: BucketConfig(rules(ending(days)), way) for key, way in ways.items()}
        for days in (90, 30)
    )
    (item,) = compare(before, after).items
    assert item.buckets == ("lab/*/a", "lab/*/b")
    assert item.example.versioning is Versioning.OFF


def test_a_bucket_that_one_side_does_not_have_is_new_or_lost() -> None:
    side = {KEY: BucketConfig(rules(ending(30)))}
    new, lost = compare({}, side), compare(side, {})
    assert (new.only_other, lost.only_one) == ((KEY,), (KEY,))
    assert [new.items[0].category, lost.items[0].category] == [
        Category.NEW_SCOPE,
        Category.LOST_SCOPE,
    ]


def test_a_region_that_one_side_does_not_know_is_no_difference() -> None:
    held = BucketConfig(rules(ending(30)))
    assert compare({KEY: held}, {"lab/us-east-1/lab-data": held}) == Comparison((), 1)
    two = {"lab/us-east-1/lab-data": held, "lab/eu-west-1/lab-data": held}
    assert len(compare({KEY: held}, two).items) == 2


def scopes(before: RuleSet, after: RuleSet) -> list[str]:
    found = compare({KEY: BucketConfig(before)}, {KEY: BucketConfig(after)})
    return [places(item.change) for item in found.items if item.change.clock is Clock.OBJECTS]


def test_a_scope_is_said_as_a_person_would() -> None:
    large = {"larger_than": 2**17 - 1, "tags": (("class", "x"),)}
    assert scopes(rules(ending(90, "logs/", **large)), rules(ending(30, "logs/", **large))) == [
        "logs/, tagged class=x, 128KiB or larger"
    ]
    short = ending(7, "logs/", tags=(("class", "x"),))
    assert scopes(rules(ending(90), short), rules(ending(30), short)) == [
        "the whole bucket, but not logs/ tagged class=x"
    ]
    short = ending(7, tags=(("class", "x"),))
    assert scopes(rules(ending(90), short), rules(ending(30), short)) == [
        "the whole bucket, not tagged class=x"
    ]
    under = ending(90, "a/", smaller_than=1000), ending(30, "a/", smaller_than=1000)
    assert scopes(rules(under[0]), rules(under[1])) == ["a/, under 1,000 bytes"]
    both = [rules(ending(days, "a/"), ending(days, "b/")) for days in (90, 30)]
    assert scopes(*both) == ["a/, b/"]


def big(days: int, **tags: str) -> Rule:
    return ending(days, larger_than=2**30, tags=tuple(tags.items()))


def test_what_a_scope_excludes_is_what_does_not_change() -> None:
    cold = big(30, team="ml", tier="cold")
    after = rules(cold, ending(45, smaller_than=2**20), big(45, team="ml"))
    small = ending(45, smaller_than=2**20, tags=(("team", "ml"), ("tier", "cold")))
    assert scopes(rules(cold), after) == [
        "the whole bucket, under 1MiB; or tagged team=ml, over 1GiB, not tagged tier=cold"
    ]
    assert scopes(rules(cold, small), after) == [
        "the whole bucket, under 1MiB, not tagged team=ml and tier=cold;"
        " or tagged team=ml, over 1GiB, not tagged tier=cold"
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            [ending(30, "a/b/", smaller_than=1000)],
            [ending(30)],
            "the whole bucket, but not a/b/ under 1,000 bytes",
        ),
        (
            [ending(30, "a/b/", smaller_than=1000, tags=(("t", "x"),))],
            [ending(30)],
            "the whole bucket, but not a/b/ (tagged t=x, under 1,000 bytes)",
        ),
        (
            [ending(30, "a/b/", smaller_than=1000)],
            [ending(30, "a/", smaller_than=1000), ending(30, "a/b/", larger_than=2000)],
            "a/, under 1,000 bytes, but not a/b/ under 1,000 bytes; and a/b/, over 2,000 bytes",
        ),
        ([ending(30, "a, but not b/")], [ending(30)], 'the whole bucket, but not "a, but not b/"'),
        ([], [ending(30, larger_than=0)], "the whole bucket, not empty"),
    ],
)
def test_a_longer_prefix_that_changes_in_part_is_said_to(
    before: list[Rule], after: list[Rule], expected: str
) -> None:
    found = compare({KEY: BucketConfig(rules(*before))}, {KEY: BucketConfig(rules(*after))})
    said = [places(i.change) for i in found.items if i.change.new.ends[0].when == Days(30)]
    assert expected in said


def test_a_prefix_within_an_excluded_one_is_named() -> None:
    policy = whole(
        "versioning: enabled\n"
        "old_versions: {delete_after: 7d}\n"
        "retain:\n"
        "  outer: {prefix: [a/, a/b/c/], delete_after: 90d}\n"
        "  inner: {prefix: a/b/, delete_after: 90d}\n"
    )
    found = compare(compiled(policy), compiled(policy.replace("90d", "60d"))).items
    assert {(item.change.retention, places(item.change)) for item in found} == {
        ("example/outer", "a/, but not a/b/ outside a/b/c/"),
        ("example/inner", "a/b/, but not a/b/c/"),
    }


def test_what_does_not_move_because_it_is_small_is_part_of_the_same_change() -> None:
    before = rules(moving(30, "STANDARD_IA", "a/"), ending(90, "a/"))
    after = rules(moving(30, "STANDARD_IA", "a/"), ending(60, "a/"))
    found = compare(
        {KEY: BucketConfig(before, Versioning.OFF)}, {KEY: BucketConfig(after, Versioning.OFF)}
    )
    (item,) = found.items
    assert places(item.change) == "a/"
    assert in_words(item.change) == (
        "STANDARD_IA 30d, delete 90d",
        "STANDARD_IA 30d, delete 60d",
    )


def test_what_is_too_small_to_move_is_no_part_of_a_change_of_moves() -> None:
    before, after = rules(moving(30, "STANDARD_IA", "a/")), rules(moving(60, "STANDARD_IA", "a/"))
    assert scopes(before, after) == ["a/, 128KiB or larger"]


def test_a_change_is_its_owner_s_and_in_the_owner_s_words() -> None:
    item = one_item(POLICY, POLICY.replace("90d", "60d"))
    assert item.change.retention == "example/logs"
    assert in_words(item.change) == (
        "warm 30d, delete 90d (bytes gone 97d)",
        "warm 30d, delete 60d (bytes gone 67d)",
    )


def test_too_many_combinations_are_told_with_their_bucket() -> None:
    tagged = [ending(n + 1, "x/", tags=((f"k{n}", "v"),)) for n in range(20)]
    with pytest.raises(BucketNotAnalysed) as found:
        compare({KEY: BucketConfig(rules(*tagged))}, {KEY: BucketConfig(rules(*tagged[1:]))})
    assert (found.value.bucket, found.value.prefix) == (KEY, "x/")


def test_digests_stay_what_they_are() -> None:
    """Approvals are bound to them: a digest that changes with Firnline reopens every gate."""
    assert one_item(POLICY, POLICY.replace("90d", "60d")).digest == (
        "sha256:e2a02645ac2ff155aa9ca02bfc1edd0856868a41ddfbc2d99d223c7f59da28f9"
    )


def test_a_locked_version_that_would_move_is_an_example() -> None:
    move = NoncurrentTransition(Days(30), StorageClass("GLACIER"))
    moved = Rule("", Filter(), noncurrent_transitions=(move,))
    before, after = (
        {KEY: BucketConfig(each, Versioning.ENABLED, object_lock=True)}
        for each in (rules(old(9)), rules(old(9), moved))
    )
    (item,) = compare(before, after).items
    assert item.category is Category.ARCHIVES_SOONER
    assert item.example.item.legal_hold
    assert item.example.other == (WitnessStep(30, LifecycleAction.TRANSITION, "GLACIER"),)
    assert (
        compare(
            {KEY: replace(before[KEY], object_lock=False)},
            {KEY: replace(after[KEY], object_lock=False)},
        ).items
        == ()
    )


def test_uploads_and_delete_markers_have_neither_tags_nor_sizes() -> None:
    tagged = ending(9, "a/", tags=(("t", "x"),), larger_than=1000)
    before = {KEY: BucketConfig(rules(tagged), Versioning.ENABLED)}
    after = {KEY: BucketConfig(rules(tagged, uploads(7), MARKERS), Versioning.ENABLED)}
    assert {places(item.change) for item in compare(before, after).items} == {"the whole bucket"}


def test_many_prefixes_are_counted() -> None:
    before, after = (
        rules(*(ending(days, f"{letter}/") for letter in "abcdefghij")) for days in (90, 30)
    )
    assert scopes(before, after) == ["a/, b/, c/, d/, e/, f/ and 4 more"]
