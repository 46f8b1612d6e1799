"""What an approval survives, and what opens a gate again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from firnline.language.add_approvals import with_entries
from firnline.language.approvals import ApprovalsFile
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from firnline.rules.diff.items import Snapshot, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.gates.approved import judge
from firnline.rules.gates.entries import Approving, entry, together
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, FirstRun, GatedItem
from firnline.s3.terms import Bytes

TODAY = date(2026, 11, 21)
Document = dict[str, Any]


def side(documents: Mapping[str, Document]) -> Snapshot:
    files = {name: json.dumps(each).encode() for name, each in documents.items()}
    compilation = compile_files(files, with_remedies=False)
    if compilation.failed:
        reject()
    return {
        each.bucket.key: BucketConfig(
            each.rules, each.bucket.versioning, each.bucket.object_lock, each.program
        )
        for each in compilation.buckets
    }


def gated(before: Document, after: Document, name: str = "p.yaml") -> tuple[GatedItem, ...]:
    found = compare(side({"p.yaml": before}), side({name: after}))
    return gated_items(Circumstances("main", found))


def approvals_of(
    items: Sequence[GatedItem], up_to: int = 2**40, until: date = date(2027, 1, 31)
) -> list[ApprovalsFile]:
    """As they are written and read again."""
    approving = Approving("data", until, deletes_up_to=Bytes(up_to))
    entries = [entry(item, item.codes, approving) for item in together(items)]
    if not entries:
        reject()
    folder, found = read_files({"approvals.yaml": with_entries(None, entries).encode()})
    assert not found, found
    return list(folder.approvals)


def opened(items: Sequence[GatedItem], files: Sequence[ApprovalsFile]) -> list[bool]:
    return [not item.is_open for item in judge(items, files, TODAY).items]


def renamed(document: Document) -> Document:
    """Everything has another name, and stands in another order."""
    retain = {f"r-{name}": each for name, each in reversed(document.get("retain", {}).items())}
    made = {**document, "policy": "another", "owner": "somebody", "why": "for another reason"}
    if retain:
        made["retain"] = {
            name: dict(reversed(each.items())) if isinstance(each, dict) else each
            for name, each in retain.items()
        }
    return made


SLOW = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


POLICY: Document = {
    "firnline": "policy/v1",
    "policy": "p",
    "owner": "lab",
    "why": "what the lab leaves behind",
    "applies_to": [{"account": "lab", "buckets": ["a-a", "b-b"]}],
    "versioning": "enabled",
    "uploads": {"abort_after": "7d"},
    "retain": {
        "x": {"prefix": "x/", "delete_after": "90d", "old_versions": {"delete_after": "9d"}}
    },
}


def changed(days: str, buckets: Sequence[str] = ("a-a", "b-b")) -> Document:
    retention = {**POLICY["retain"]["x"], "delete_after": days}
    applies_to = [{"account": "lab", "buckets": list(buckets)}]
    return {**POLICY, "retain": {"x": retention}, "applies_to": applies_to}


NARROW = st.fixed_dictionaries(
    {
        "prefix": st.sampled_from(["x/", "x/y/", "z/"]),
        "delete_after": st.sampled_from(["30d", "60d", "90d", "never"]),
        "old_versions": st.sampled_from([{"delete_after": "9d"}, {"delete_after": "20d"}]),
    }
)


SEVERAL = st.dictionaries(
    st.sampled_from(["a/", "b/", "c/"]),
    st.fixed_dictionaries(
        {
            "delete_after": st.sampled_from(["30d", "60d", "90d", "never"]),
            "old_versions": st.sampled_from([{"delete_after": "9d"}, {"delete_after": "20d"}]),
        },
        optional={
            "warm_after": st.sampled_from(["5d", "10d"]),
            "size": st.sampled_from([{"over": "1MiB"}, {"under": "1GiB"}]),
            "tags": st.sampled_from([{"t": "x"}, {"t": ["x", "y"]}]),
        },
    ),
    min_size=1,
)


@SLOW
@given(SEVERAL, SEVERAL)
def test_names_order_and_text_keep_an_approval(
    before: dict[str, Document], after: dict[str, Document]
) -> None:
    one, two = (
        {**POLICY, "retain": {name[0]: {"prefix": name, **each} for name, each in many.items()}}
        for many in (before, after)
    )
    files = approvals_of(gated(one, two))
    again = gated(renamed(one), renamed(two), "other.yaml")
    assert again
    assert all(opened(again, files))


@SLOW
@given(NARROW, NARROW, NARROW)
def test_an_approval_opens_what_is_the_same_and_nothing_else(
    before: Document, after: Document, other: Document
) -> None:
    """Of another change it opens exactly what has the same digest."""
    one, two, three = ({**POLICY, "retain": {"x": each}} for each in (before, after, other))
    items = gated(one, two)
    files = approvals_of(items)
    digests = {item.digest for item in items}
    there = gated(one, three)
    assert opened(there, files) == [item.digest in digests for item in there]
    assert all(opened(items, files))


def test_on_fewer_buckets_it_holds_and_on_another_one_it_does_not() -> None:
    both = gated(changed("90d"), changed("30d"))
    files = approvals_of(both)
    for bucket in ("a-a", "b-b"):
        one = gated(changed("90d", [bucket]), changed("30d", [bucket]))
        assert one
        assert all(opened(one, files))
        assert not any(opened(both, approvals_of(one)))


def test_two_approvals_of_one_change_each_for_some_of_its_buckets_hold_together() -> None:
    both = gated(changed("90d"), changed("30d"))
    halves = [
        approvals_of(gated(changed("90d", [each]), changed("30d", [each])))
        for each in ("a-a", "b-b")
    ]
    assert all(opened(both, [*halves[0], *halves[1]]))


@pytest.mark.parametrize(("most", "is_open"), [(10, True), (11, False)])
def test_a_first_run_beyond_the_limit_opens_all_gates_again(most: int, is_open: bool) -> None:
    (item,) = gated(changed("90d"), changed("30d"))
    files = approvals_of([item], up_to=10)
    known = replace(item, first_run=FirstRun(most, most, 1000, 9))
    assert opened([known], files) == [is_open]
    notes = judge([known], files, TODAY).items[0].notes
    assert any("up to 10B" in note for note in notes) is not is_open


@pytest.mark.parametrize(("until", "is_open"), [(TODAY, False), (date(2026, 11, 22), True)])
def test_from_its_day_on_it_opens_nothing(until: date, is_open: bool) -> None:
    items = gated(changed("90d"), changed("30d"))
    assert all(opened(items, approvals_of(items, until=until))) is is_open


def test_what_is_not_open_by_it_is_said_why() -> None:
    one = gated(changed("90d", ["a-a"]), changed("30d", ["a-a"]))
    both = gated(changed("90d"), changed("30d"))
    (judged,) = judge(both, approvals_of(one), TODAY).items
    assert judged.notes == ("the approval by data does not name lab/*/b-b",)
