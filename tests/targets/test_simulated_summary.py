"""What a person reads of a simulated listing: by retention, the first run first, on one screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.visible import width
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.listing import simulate_listing
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Versioning
from firnline.targets.simulated import Due, Shown, Simulated, of_listing
from firnline.targets.simulated_text import to_text, to_timelines
from firnline.targets.simulated_totals import totals_of
from tests.s3.simulate.worlds import START, buckets, items, rule_sets

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
GIB = 2**30
OFF = BucketState(Versioning.OFF)


def rule(id: str, prefix: str, **actions: object) -> dict[str, object]:
    return {"ID": id, "Status": "Enabled", "Filter": {"Prefix": prefix}, **actions}


RULES = [
    rule(
        "firnline/acme/ml/checkpoints+moves:checkpoints/",
        "checkpoints/",
        Transitions=[{"Days": 14, "StorageClass": "GLACIER_IR"}],
    ),
    rule("firnline/acme/ml/checkpoints", "checkpoints/", Expiration={"Days": 180}),
    rule("firnline/acme/uploads/*", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
    rule("by hand", "logs/", Expiration={"Days": 30}),
]


def simulated(
    listed: Sequence[StoredItem],
    rules: Sequence[dict[str, object]] | RuleSet = RULES,
    bucket: BucketState = OFF,
    since: datetime = NOW,
) -> Simulated:
    found = rules if isinstance(rules, RuleSet) else read_rules(list(rules))
    batch = Batch(found, bucket)
    return of_listing(listed, simulate_listing(batch, listed, since), since, None)


def text(result: Simulated | Due, *, every_row: bool = False, columns: int = 80) -> str:
    return to_text(Shown(result, every_row=every_row), columns=columns)


def made(key: str, days: int, size: int = GIB) -> StoredItem:
    return StoredItem(key, NOW - timedelta(days=days), size)


def test_what_each_retention_does_on_the_first_run_and_later() -> None:
    listed = [
        *(made(f"checkpoints/{days}", days) for days in (1, 2, 20, 190, 200)),
        made("logs/a", 90, GIB // 2),
        made("models/x", 90),
        StoredItem("big", NOW - timedelta(days=30), kind=ItemKind.MULTIPART_UPLOAD),
    ]
    assert text(simulated(listed)).splitlines()[:18] == [
        "7 objects (6.5GiB), 1 upload, from 2026-11-28 on",
        "",
        "                on the first run, 2026-11-29   later, to 2027-05-27",
        "                          objects       size     objects       size",
        "ml/checkpoints",
        "  deleted for good              2       2GiB           3       3GiB",
        "  moved to GLACIER_IR           1       1GiB           2       2GiB",
        "by hand",
        "  deleted for good              1     512MiB           -",
        "uploads",
        "  upload aborted                1                      -",
        "in all",
        "  deleted for good              3     2.5GiB           3       3GiB",
        "  moved to GLACIER_IR           1       1GiB           2       2GiB",
        "  upload aborted                1                      -",
        "nothing happens to 1 of them (1GiB)",
        "",
        "after the first run:",
    ]
    assert text(simulated(listed)).endswith("\n\nleft: 1 object (1GiB)\n")


def test_where_all_is_done_on_the_first_run_nothing_stands_beside_it() -> None:
    assert text(simulated([made("logs/a", 90), made("logs/b", 90)])).splitlines()[:6] == [
        "2 objects (2GiB), from 2026-11-28 on",
        "",
        "             on the first run, 2026-11-29",
        "                       objects       size",
        "by hand",
        "  deleted for good           2       2GiB",
    ]


def test_where_no_rule_acts_it_is_told_on_what() -> None:
    assert text(simulated([made("models/a", 90)])) == (
        "1 object (1GiB), from 2026-11-28 on\n\nnothing happens\n"
    )
    assert text(simulated([])) == "nothing happens\n"


def test_few_histories_are_drawn_and_many_are_not() -> None:
    few = text(simulated([made("logs/a", 1), made("logs/b", 2)]))
    assert "2 objects logs/a" in few
    many = [made(f"logs/{hours}", hours) for hours in range(40, 60)]
    assert "█" not in text(simulated(many))
    assert "█" in text(simulated(many), every_row=True)


def checkpoints(count: int) -> list[StoredItem]:
    """Of many runs, in more retentions than fit, with ages of two years."""
    return [
        made(f"team-{number % 40}/run-{number}/step.pt", number % 730, number * 1000)
        for number in range(count)
    ]


def many_rules(count: int = 40) -> list[dict[str, object]]:
    return [
        rule(
            f"firnline/acme/a-policy-with-a-long-name/retention-{number}",
            f"team-{number}/",
            Transitions=[
                {"Days": 30, "StorageClass": "INTELLIGENT_TIERING"},
                {"Days": 90 + number, "StorageClass": "GLACIER"},
            ],
            Expiration={"Days": 300 + number},
            NoncurrentVersionExpiration={"NoncurrentDays": 30},
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("versioning", [Versioning.OFF, Versioning.ENABLED])
@pytest.mark.parametrize("retentions", [1, 3, 40])
def test_twenty_two_thousand_checkpoints_fit_on_a_screen(
    retentions: int, versioning: Versioning
) -> None:
    found = simulated(checkpoints(22_000), many_rules(retentions), BucketState(versioning))
    lines = text(found).splitlines()
    assert len(lines) <= 40
    assert max(map(width, lines)) <= 80
    assert [line for line in lines if "on the first run, 2026-11-29" in line]
    everything = text(found, every_row=True)
    assert everything.count("policy-with-a-long-name/retention-") >= retentions
    assert "see --all" not in everything
    assert len(re.findall(r"^\d{4}-\d\d-\d\d  ", everything, re.MULTILINE)) > 40


def test_what_is_left_out_is_told() -> None:
    told = text(simulated(checkpoints(2_000), many_rules()))
    assert "more that do something: see --all" in told
    assert "\nyear " in told
    assert "\nmonth " in text(simulated(checkpoints(2_000), many_rules(1)))


@given(rule_sets(), buckets(), st.lists(items(), max_size=30))
def test_the_totals_are_those_of_all_steps(
    rules: RuleSet, bucket: BucketState, listed: list[StoredItem]
) -> None:
    found = simulated(listed, rules, bucket, START)
    totals = totals_of(found)
    happened = [
        (step, item)
        for item, steps in zip(found.items, found.histories, strict=True)
        for step in steps
    ]
    assert sum(each.tally.count for each in totals.happenings) == len(happened)
    assert sum(each.tally.bytes for each in totals.happenings) == sum(
        item.size for _, item in happened
    )
    assert sum(each.count for each in totals.stored.values()) == len(listed)
    remaining = [steps for steps in found.histories if not steps or steps[-1].left is not None]
    assert sum(each.count for each in totals.left.values()) == len(remaining)
    idle = found.histories[: len(listed)].count(())
    assert totals.untouched.count == idle


def test_what_is_due_is_told_by_retention() -> None:
    listed = [made("checkpoints/a", 200), made("checkpoints/b", 20), made("models/x", 9)]
    batch = Batch(read_rules(RULES), BucketState(Versioning.OFF))
    due = Due(listed, list(batch.actions_due(listed, NOW)), NOW)
    assert text(due).splitlines() == [
        "actions due as of 2026-11-28T09:00:00Z:",
        "",
        "                      objects  size  due since   for example",
        "ml/checkpoints",
        "  delete for good           1  1GiB  2026-11-09  checkpoints/a",
        "  move to GLACIER_IR        1  1GiB  2026-11-23  checkpoints/b",
        "nothing is due              1  1GiB              models/x",
        "",
        "now       action              due since   key",
        "STANDARD  delete for good     2026-11-09  checkpoints/a",
        "STANDARD  move to GLACIER_IR  2026-11-23  checkpoints/b",
        "STANDARD  nothing                         models/x",
    ]
    many = [made(f"logs/{number}", 90) for number in range(30)]
    due = Due(many, list(batch.actions_due(many, NOW)), NOW)
    assert len(text(due).splitlines()) == 5
    assert len(text(due, every_row=True).splitlines()) == 37


def test_timelines_are_cut_unless_all_are_wanted() -> None:
    found = simulated([made(f"logs/{days}", days) for days in range(31, 61)])
    assert "… and 18 more kinds of stories: see --all" in to_timelines(Shown(found), columns=80)
    whole = to_timelines(Shown(found, every_row=True), columns=80)
    assert whole.count("1 object logs/") == 30


def test_odd_keys_and_rules_disturb_no_column() -> None:
    odd = [rule("a\x1b[31m" + "長い" * 60, "", Expiration={"Days": 1})]
    keys = ["長い名前/" * 20, "a\nb", "\x1b[2J", "e\u0301" * 50]
    found = simulated([made(key, 9) for key in keys], odd)
    for columns in (60, 80, 200):
        told = text(found, columns=columns) + text(found, every_row=True, columns=columns)
        assert "\x1b" not in told
        assert max(map(width, told.splitlines())) <= columns
