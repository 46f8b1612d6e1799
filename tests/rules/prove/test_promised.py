"""A promise compiles exactly where no object, whatever its users do, could break it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from math import inf
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.remedy import Advise, Drop
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.pipeline import compile_files
from firnline.rules.prove.promised import broken_promises
from firnline.s3.model import RuleSet
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning
from tests.policies import codes, compiled, whole
from tests.rules.prove.test_meets import compiled as eased
from tests.rules.strategies import KEYS, PREFIXES, policies

BORN = datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
"""A second after midnight: rounding up costs a day, less a second."""
SIZES = (1, 1024, 1025, 65_536, 131_071, 131_072, 2**20 + 1, 2**21, 2**30)
TAGS = [
    tuple((key, value) for key, value in (("t", t), ("u", u)) if value)
    for t, u in product(("", "x", "y", "z"), ("", "w", "x"))
]
UNIVERSE = [
    StoredItem(key, BORN, size, storage_class, tags)
    for key, size, storage_class, tags in product(
        KEYS, SIZES, ("STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR"), TAGS
    )
]
PROMISED_TAGS: list[dict[str, Any]] = [
    *({"t": value} for value in ("x", "z", ["x", "y"], ["y", "z"])),
    {"u": "x"},
    {"t": ["z", "y"], "u": ["w", "x"]},
]


def _objects(promise: dict[str, Any]) -> list[StoredItem]:
    """Those that the promise covers, in a universe that has one of each kind."""
    return [item for item in UNIVERSE if _matches(promise, item)]


def _matches(settings: dict[str, Any], item: StoredItem) -> bool:
    """A promise or a retention, by its prefix and its tags."""
    return item.key.startswith(settings["prefix"]) and all(
        any((key, each) in item.tags for each in ([value] if isinstance(value, str) else value))
        for key, value in settings.get("tags", {}).items()
    )


def _last_days(rules: RuleSet, versioning: Versioning, item: StoredItem) -> tuple[Any, Any]:
    """When an object nobody touches is deleted, and when its bytes are gone for good if a user
    replaced it at the worst moment: the moment before that."""
    bucket = BucketState(versioning)
    deleted = next(
        (
            each.at
            for each in history(rules, bucket, item)
            if each.action_due.action is not LifecycleAction.TRANSITION
        ),
        None,
    )
    if versioning is Versioning.OFF or deleted is None:
        return deleted, deleted
    ends = []
    for storage_class in ("STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER"):
        old = StoredItem(
            item.key,
            item.created,
            item.size,
            storage_class,
            item.tags,
            current=False,
            noncurrent_since=deleted + timedelta(seconds=1),
        )
        told = history(rules, bucket, old)
        gone = next(
            (each.at for each in told if each.action_due.action is LifecycleAction.DELETE_VERSION),
            None,
        )
        ends.append(gone)
    return deleted, None if None in ends else max(each for each in ends if each is not None)


_PROMISES = st.fixed_dictionaries(
    {"prefix": st.sampled_from(PREFIXES)}, optional={"tags": st.sampled_from(PROMISED_TAGS)}
)


@settings(max_examples=80, deadline=None)
@given(policies(), _PROMISES, st.sampled_from((3, 9, 20, 40, 60)), st.booleans())
def test_a_promise_is_kept_or_refused_as_the_simulator_says(
    policy: dict[str, Any], promise: dict[str, Any], days: int, gone: bool
) -> None:
    bucket = eased(policy)
    said = "gone_within" if gone else "keep_at_least"
    policy["promises"] = {"p": {**promise, said: f"{days}d"}}
    compilation = compile_files({"p.yaml": json.dumps(policy).encode()}, with_remedies=False)
    found = codes(compilation.diagnostics)
    assume(set(found) <= {"FL406"} or not compilation.failed)
    event("broken" if "FL406" in found else "kept")
    versioning = Versioning(policy["versioning"])
    if "FL406" in found:
        assert _somebody_breaks_it(bucket.rules, versioning, promise, days, gone=gone)
        return
    limit = BORN + timedelta(days=days)
    for item in _objects(promise):
        deleted, last = _last_days(bucket.rules, versioning, item)
        if gone:
            assert last is not None
            assert last <= limit + timedelta(seconds=1), item
        else:
            assert deleted is None or deleted >= limit, item


def _somebody_breaks_it(
    rules: RuleSet, versioning: Versioning, promise: dict[str, Any], days: int, *, gone: bool
) -> bool:
    """Within the two days that rounding may take, an object does what is not promised."""
    limit = BORN + timedelta(days=days)
    for item in _objects(promise):
        deleted, last = _last_days(rules, versioning, item)
        if gone and (last is None or last > limit - timedelta(days=2)):
            return True
        if not gone and deleted is not None and deleted < limit + timedelta(days=1):
            return True
    return False


LIKE_ANY = (1, "STANDARD")
"""A size and a class: nothing there tells one from another."""
_TAGGED = st.fixed_dictionaries(
    {
        "prefix": st.sampled_from(["a/", "a/b/"]),
        "tags": st.sampled_from([*PROMISED_TAGS, {"t": "y"}, {"u": ["w", "x"]}]),
        "delete_after": st.just("9d"),  # the same for all, so that none contradicts another
    }
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["30d", "never"]),
    st.lists(_TAGGED, max_size=3),
    _PROMISES,
    st.sampled_from([("keep_at_least", 9), ("keep_at_least", 10), ("keep_at_least", 31)])
    | st.sampled_from([("gone_within", 9), ("gone_within", 10), ("gone_within", 31)]),
)
def test_a_promise_with_tags_judges_exactly_the_objects_that_have_them(
    wide: str, tagged: list[dict[str, Any]], promise: dict[str, Any], said: tuple[str, int]
) -> None:
    """In a bucket without versions an object ends with the first retention that matches it."""
    kind, days = said
    retentions = [{"prefix": "a/", "delete_after": wide}, *tagged]
    text = whole(
        'versioning: "off"\n'
        f"retain: {json.dumps({f'r{n}': each for n, each in enumerate(retentions)})}\n"
        f"promises: {json.dumps({'p': {**promise, kind: f'{days}d'}})}\n"
    )
    some = [each for each in _objects(promise) if (each.size, each.storage_class) == LIKE_ANY]
    ends = [_first_end(retentions, item) for item in some]
    if kind == "keep_at_least":
        broken = any(end < days for end in ends)
    else:
        broken = any(end + 1 > days for end in ends)
    assert ("FL406" in codes(compiled(text).diagnostics)) == broken


def _first_end(retentions: list[dict[str, Any]], item: StoredItem) -> float:
    ages = {"9d": 9, "30d": 30, "never": inf}
    return min(
        (ages[each["delete_after"]] for each in retentions if _matches(each, item)), default=inf
    )


TMP = (
    "versioning: enabled\n"
    "retain: {tmp: {prefix: tmp/, delete_after: 14d, old_versions: {delete_after: 7d}}}\n"
)


@pytest.mark.parametrize(
    ("promise", "expected"),
    [
        ("gone_within: 23d", []),  # 14 and 7, and a day of rounding for each
        ("gone_within: 22d", ["FL406"]),
        ("keep_at_least: 14d", []),
        ("keep_at_least: 15d", ["FL406"]),
        ("keep_at_least: forever", ["FL406"]),
        ("old_versions: {keep_at_least: 7d}", []),
        ("old_versions: {keep_at_least: 8d}", ["FL407"]),
    ],
)
def test_the_days_that_are_promised_are_counted_to_the_day(
    promise: str, expected: list[str]
) -> None:
    found = compiled(TMP + f"promises: {{p: {{prefix: tmp/, {promise}}}}}\n").diagnostics
    assert codes(found) == expected


def test_a_promise_binds_what_no_retention_covers() -> None:
    found = compiled(TMP + 'promises: {p: {prefix: "", gone_within: 90d}}\n').diagnostics
    assert codes(found) == ["FL406"]
    assert found[0].help == "set when objects in the whole bucket expire"


def test_dropping_a_promise_that_versioning_breaks_is_a_remedy_of_its_own() -> None:
    kept = "retain: {a: {prefix: a/, delete_after: 9d, old_versions: {delete_after: 9d}}}\n"
    promise = "promises: {p: {prefix: a/, gone_within: 90d}}\n"
    (found,) = compiled("versioning: suspended\n" + kept + promise).diagnostics
    assert found.remedy == (Advise("enable versioning on the bucket"), Drop("gone_within"))


def test_a_promise_on_part_of_a_prefix_judges_that_part() -> None:
    policy = TMP.replace("tmp: {prefix: tmp/", "tmp: {prefix: tmp/a/")
    kept = "promises: {p: {prefix: tmp/b/, keep_at_least: 90d}}\n"
    assert codes(compiled(policy + kept).diagnostics) == []
    assert codes(compiled(policy + kept.replace("tmp/b/", "tmp/")).diagnostics) == ["FL406"]


def test_versions_that_a_bucket_does_not_keep_cannot_be_promised() -> None:
    rest = "promises: {undo: {prefix: db/, old_versions: {keep_at_least: 1d}}}\n"
    never = "retain: {db: {prefix: db/, delete_after: never}}\n"
    kept = "retain: {db: {prefix: db/, delete_after: never, old_versions: {delete_after: 9d}}}\n"
    assert codes(compiled('versioning: "off"\n' + never + rest).diagnostics) == ["FL407"]
    assert codes(compiled("versioning: suspended\n" + kept + rest).diagnostics) == ["FL407"]
    assert codes(compiled("versioning: enabled\n" + kept + rest).diagnostics) == []


def test_no_deletion_is_promised_where_each_write_replaces_the_successor() -> None:
    """S3 documents the creation of the successor, not what counts once that is gone for good."""
    rest = TMP + "promises: {p: {prefix: tmp/, gone_within: 90d}}\n"
    assert codes(compiled(rest).diagnostics) == []
    (found,) = compiled(rest.replace("enabled", "suspended")).diagnostics
    assert found.kind.code == "FL406"
    assert "may never be deleted" in found.message


def test_no_deletion_is_promised_below_successors_that_end_sooner() -> None:
    small = """\
versioning: enabled
promises: {p: {prefix: tmp/, gone_within: 90d}}
retain:
  tmp: {prefix: tmp/, delete_after: 14d, old_versions: {delete_after: 7d}}
  small: {prefix: tmp/, size: {under: 1MiB}, delete_after: 13d, old_versions: {delete_after: %s}}
"""
    assert codes(compiled(small % "7d").diagnostics) == []
    assert codes(compiled(small % "3d").diagnostics) == ["FL406"]


def test_what_a_hold_keeps_breaks_no_promise_to_be_gone() -> None:
    hold = "holds: {lit-7: {prefix: tmp/x/, ask_again: 2999-12-31, why: w, approved_by: legal}}\n"
    found = compiled(TMP + hold + "promises: {p: {prefix: tmp/, gone_within: 30d}}\n").diagnostics
    assert "FL406" not in codes(found)


@pytest.mark.parametrize("hold", [False, True])
def test_what_object_lock_may_keep_is_not_promised_to_leave_whether_or_not_under_a_hold(
    hold: bool,
) -> None:
    rest = TMP + "promises: {p: {prefix: tmp/, gone_within: 30d}}\n"
    if hold:
        rest += (
            "holds: {lit-7: {prefix: tmp/, ask_again: 2999-12-31, why: w, approved_by: legal}}\n"
        )
    files = {
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file().replace(
            "versioning: off\n      object_lock: off",
            "versioning: enabled\n      object_lock: enabled",
        ),
        "policy.yaml": policy_file(rest=rest),
    }
    (broken,) = (each for each in compiled(files).diagnostics if each.kind.code == "FL406")
    assert "Object Lock" in broken.message


def test_too_many_combinations_of_promised_tags_are_not_analysed() -> None:
    keys = [f"k{number}" for number in range(6)]
    tagged = "".join(
        f"  {key}: {{prefix: tmp/, tags: {{c: z, {key}: [a, b, c]}}, delete_after: 14d}}\n"
        for key in keys
    )
    sizes = [
        f"  {name}: {{prefix: tmp/, size: {{under: {size}}}, delete_after: 14d}}\n"
        for name, size in (("small", "1MiB"), ("large", "1GiB"))
    ]
    policy = f"versioning: off\nretain:\n{tagged}{''.join(sizes)}"
    promised = ", ".join(f"{key}: [a, b, c, d]" for key in keys)
    promise = f"promises: {{p: {{prefix: tmp/, tags: {{{promised}}}, keep_at_least: 1d}}}}\n"
    assert codes(compiled(policy + promise).diagnostics) == ["FL906"]


def test_the_program_without_promises_is_not_looked_at() -> None:
    (bucket,) = compiled(TMP).buckets
    assert bucket.program is not None
    assert list(broken_promises(bucket.program)) == []
