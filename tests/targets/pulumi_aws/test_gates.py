"""Which writes wait for an approval, compared with what is live."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from firnline.language.add_approvals import with_entries
from firnline.language.approvals import ApprovalsFile
from firnline.language.check import Known
from firnline.language.gate_settings import GateSettings, Level
from firnline.language.model import Folder
from firnline.language.project import Project
from firnline.language.read_files import read_files
from firnline.pipeline import Compilation, compile_files
from firnline.rules.diff.items import compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.gates.entries import Approving, entry, together
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, GatedItem
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import to_s3
from firnline.s3.terms import Bytes, Versioning
from firnline.targets.pulumi_aws.agreed import NOTHING_AGREED, Agreed, agreed_in, config_of
from firnline.targets.pulumi_aws.gates import GateVerdict, judge_gates, standing_on
from firnline.targets.pulumi_aws.live_change import Comparisons, LiveChange
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules, of_bucket
from firnline.targets.pulumi_aws.run_gates import _words
from firnline.targets.pulumi_aws.write import Write
from tests.rules.gates.test_approved import POLICY, SEVERAL, Document, changed

TODAY = date(2026, 11, 21)
LATER = date(2027, 1, 31)
NO_RULES: dict[str, RuleSet] = {}


def compiled(document: Document) -> Compilation:
    found = compile_files({"policies/p.yaml": json.dumps(document).encode()}, Known(Project()))
    assert not found.failed, found.diagnostics
    return found


def live_of(document: Document) -> dict[str, RuleSet]:
    """The rules of these policies as S3 answers them: nobody knows any more what they are from."""
    buckets = compiled(document).buckets
    return {each.bucket.key: read_configuration(to_s3(each.rules)) for each in buckets}


def writes(
    document: Document, live: Mapping[str, RuleSet], agreed: Agreed = NOTHING_AGREED
) -> list[LiveChange]:
    return [
        LiveChange(
            Write(
                each.bucket.name,
                "111122223333",
                "lab",
                each.rules,
                None,
                proved_for=BucketState(each.bucket.versioning or Versioning.OFF),
            ),
            of_bucket(each, "lab", agreed),
            "us-east-1",
            live.get(each.bucket.key, RuleSet(())),
        )
        for each in compiled(document).buckets
    ]


def verdict(change: LiveChange, *, is_empty: bool = False, today: date = TODAY) -> GateVerdict:
    agreed, key = change.proved.agreed, change.proved.key
    agreed = standing_on(key, agreed) if key else agreed
    return judge_gates(Comparisons().of(change), change.names, agreed, today, is_empty=is_empty)


def items_since(before: Document | None, after: Document) -> tuple[GatedItem, ...]:
    """As `firnline diff` and `firnline approve` find them, between policies."""
    one, two = (
        {each.bucket.key: config_of(each) for each in compiled(side).buckets} if side else {}
        for side in (before, after)
    )
    return gated_items(Circumstances("main", compare(one, two)))


def approval_of(items: Sequence[GatedItem], until: date = LATER) -> tuple[ApprovalsFile, ...]:
    entries = [
        entry(each, each.codes, Approving("data", until, deletes_up_to=Bytes(2**40)))
        for each in together(items)
    ]
    return read(with_entries(None, entries)) if entries else ()


def read(text: str) -> tuple[ApprovalsFile, ...]:
    folder, found = read_files({"approvals.yaml": text.encode()})
    assert not found, found
    return folder.approvals


def codes(found: GateVerdict) -> list[str]:
    return [each.kind.code for each in found.found]


def refused(changes: Sequence[LiveChange], **around: Any) -> set[str]:
    return {each.write.bucket for each in changes if verdict(each, **around).refuses}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(SEVERAL, SEVERAL)
def test_the_approval_of_a_change_of_policies_opens_the_gates_of_what_is_live(
    before: dict[str, Document], after: dict[str, Document]
) -> None:
    one, two = (
        {**POLICY, "retain": {name[0]: {"prefix": name, **each} for name, each in many.items()}}
        for many in (before, after)
    )
    items = items_since(one, two)
    waiting = {key.split("/")[-1] for item in items for key in item.buckets}
    assert refused(writes(two, live_of(one))) == waiting
    assert refused(writes(two, live_of(one), Agreed(approval_of(items)))) == set()


def test_first_rules_wait_unless_nothing_is_stored() -> None:
    assert refused(writes(POLICY, NO_RULES)) == {"a-a", "b-b"}
    assert refused(writes(POLICY, NO_RULES), is_empty=True) == set()
    first = Agreed(approval_of(items_since(None, POLICY)))
    assert refused(writes(POLICY, NO_RULES, first)) == set()
    assert verdict(writes(POLICY, NO_RULES)[0]).is_of_first_rules


def test_a_change_on_an_empty_bucket_waits_if_it_had_rules() -> None:
    assert refused(writes(changed("30d"), live_of(POLICY)), is_empty=True) == {"a-a", "b-b"}


def test_a_repair_is_never_refused() -> None:
    for live in (changed("30d"), changed("89d")):
        assert [verdict(each) for each in writes(POLICY, live_of(live))] == [
            GateVerdict(),
            GateVerdict(),
        ]
    cleared = {**POLICY, "retain": {}}
    assert refused(writes(cleared, live_of(POLICY))) == set()


def test_nothing_waits_where_nothing_changes() -> None:
    assert refused(writes(POLICY, live_of(POLICY))) == set()


def test_an_approval_of_both_buckets_opens_the_gate_of_each_stack() -> None:
    """Each stack writes its own accounts, at its own time."""
    agreed = Agreed(approval_of(items_since(POLICY, changed("30d"))))
    first, second = writes(changed("30d"), live_of(POLICY), agreed)
    assert not verdict(first).refuses
    assert not verdict(second).refuses


def test_an_approval_of_one_bucket_does_not_open_the_gate_of_another() -> None:
    agreed = Agreed(approval_of(items_since(changed("90d", ["a-a"]), changed("30d", ["a-a"]))))
    assert refused(writes(changed("30d"), live_of(POLICY), agreed)) == {"b-b"}


def test_a_change_of_more_than_was_approved_waits() -> None:
    agreed = Agreed(approval_of(items_since(POLICY, changed("30d"))))
    assert refused(writes(changed("29d"), live_of(POLICY), agreed)) == {"a-a", "b-b"}


def test_what_is_live_counts_and_not_what_was_merged_before() -> None:
    """60 days were never deployed: that 60 became 30 was approved, and not that 90 did."""
    agreed = Agreed(approval_of(items_since(changed("60d"), changed("30d"))))
    assert refused(writes(changed("30d"), live_of(POLICY), agreed)) == {"a-a", "b-b"}
    assert refused(writes(changed("30d"), live_of(changed("60d")), agreed)) == set()


def test_an_approval_ends_on_its_day() -> None:
    agreed = Agreed(approval_of(items_since(POLICY, changed("30d"))))
    changes = writes(changed("30d"), live_of(POLICY), agreed)
    assert refused(changes, today=date(2027, 1, 30)) == set()
    assert refused(changes, today=LATER) == {"a-a", "b-b"}


EMERGENCY = """\
firnline: approvals/v1
emergencies:
  - buckets: [lab/*/a-a]
    codes: [FL401, FL402]
    why: the budget alarm, INC-7
    by: on-call
    until: {until}
"""


@pytest.mark.parametrize(
    ("until", "today", "opens"),
    [
        ("2026-11-28", TODAY, True),
        ("2026-11-28", date(2026, 11, 28), False),
        ("2026-12-31", TODAY, False),
    ],
)
def test_an_emergency_opens_its_bucket_until_its_day(until: str, today: date, opens: bool) -> None:
    agreed = Agreed(read(EMERGENCY.format(until=until)))
    changes = writes(changed("30d"), live_of(POLICY), agreed)
    assert refused(changes, today=today) == {"b-b"} | (set() if opens else {"a-a"})
    assert len(verdict(changes[0], today=today).emergencies) == opens


@pytest.mark.parametrize(
    ("level", "shown", "refuses"),
    [
        (Level.GATE, ["FL401"], True),
        (Level.ERROR, ["FL401"], True),
        (Level.WARNING, ["FL401"], False),
        (Level.OFF, [], False),
    ],
)
def test_the_project_says_what_a_gate_is(level: Level, shown: list[str], refuses: bool) -> None:
    own = GateSettings(levels=(("FL401", level), ("FL402", Level.OFF)))
    change = writes(changed("30d"), live_of(POLICY), Agreed(settings=own))[0]
    assert codes(verdict(change)) == shown
    assert verdict(change).refuses == refuses


def test_an_error_cannot_be_approved() -> None:
    own = GateSettings(levels=(("FL401", Level.ERROR),))
    approvals = approval_of(items_since(POLICY, changed("30d")))
    agreed = Agreed(approvals, settings=own)
    assert refused(writes(changed("30d"), live_of(POLICY), agreed)) == {"a-a", "b-b"}


def standing(document: Document, approvals: tuple[ApprovalsFile, ...] = ()) -> Agreed:
    found = compiled(document)
    folder = Folder(policies=found.folder.policies)
    agreed = agreed_in(folder, Project(), found.diagnostics, found.buckets)
    return replace(agreed, approvals=approvals)


def hardly_recoverable(days: str) -> Document:
    retention = {"prefix": "x/", "delete_after": days, "old_versions": {"delete_after": "2d"}}
    return {**POLICY, "retain": {"x": retention}}


def test_what_breaks_the_floor_waits_for_that_too_if_it_is_about_to() -> None:
    short, live = hardly_recoverable("3d"), live_of(hardly_recoverable("90d"))
    assert codes(verdict(writes(short, live, standing(short))[0])) == ["FL401", "FL403"]
    since = approval_of(items_since(hardly_recoverable("90d"), short))
    assert codes(verdict(writes(short, live, standing(short, since))[0])) == ["FL403"]
    of_floor = [item for each in standing(short).standing for item in each.items]
    both = (*since, *approval_of(of_floor))
    assert not verdict(writes(short, live, standing(short, both))[0]).refuses


def test_old_versions_that_go_sooner_break_the_floor_too() -> None:
    """Bytes that lived for 33 days live for 5, and the floor is 7."""
    live = {**hardly_recoverable("3d")}
    kept = {"prefix": "x/", "delete_after": "3d", "old_versions": {"delete_after": "30d"}}
    live["retain"] = {"x": kept}
    short = hardly_recoverable("3d")
    since = approval_of(items_since(live, short))
    assert codes(verdict(writes(short, live_of(live), standing(short, since))[0])) == ["FL403"]


def test_under_the_floor_an_empty_bucket_needs_no_approval_either() -> None:
    short = hardly_recoverable("3d")
    first = approval_of(items_since(None, short))
    change = writes(short, NO_RULES, standing(short, first))[0]
    assert codes(verdict(change)) == ["FL403"]
    assert verdict(change).is_of_first_rules
    assert not verdict(change, is_empty=True).refuses


def test_what_breaks_the_floor_already_stops_no_repair() -> None:
    short = hardly_recoverable("3d")
    longer = {**short, "uploads": {"abort_after": "30d"}}
    assert standing(longer).standing
    assert refused(writes(longer, live_of(short), standing(longer))) == set()


def test_approvals_without_an_owner_open_nothing(tmp_path: Any) -> None:
    path = tmp_path / "approvals.yaml"
    text = with_entries(
        None,
        [
            entry(each, each.codes, Approving("data", LATER, deletes_up_to=Bytes(2**40)))
            for each in items_since(POLICY, changed("30d"))
        ],
    )
    path.write_text(text)
    folder, _ = read_files({str(path): text.encode()})
    agreed = agreed_in(folder, Project(), (), ())
    assert [each.kind.code for each in agreed.about_approvals] == ["FL417"]
    assert refused(writes(changed("30d"), live_of(POLICY), agreed)) == {"a-a", "b-b"}


@pytest.mark.parametrize("named", ["lab/*/a-a", "prod/us-east-1/a-a", "111122223333/us-east-1/a-a"])
def test_without_a_fleet_the_name_of_the_bucket_decides(named: str) -> None:
    """Policies label an account as they like, and a program knows its number."""
    (item,) = items_since(changed("90d", ["a-a"]), changed("30d", ["a-a"]))
    agreed = Agreed(approval_of([replace(item, buckets=(named,))]))
    (of_fleet,) = writes(changed("30d", ["a-a"]), live_of(POLICY), agreed)
    change = replace(of_fleet, proved=replace(of_fleet.proved, from_lock=False))
    assert change.names[0] == "111122223333/us-east-1/a-a"
    assert not verdict(change).refuses
    assert verdict(replace(change, region="eu-west-1")).refuses == ("us-east-1" in named)


def test_a_class_that_is_new_to_us_hides_no_deletion() -> None:
    def rules(days: int) -> RuleSet:
        rule = {
            "ID": "x",
            "Status": "Enabled",
            "Filter": {"Prefix": "x/"},
            "Transitions": [{"Days": 5, "StorageClass": "TEPID"}],
            "Expiration": {"Days": days},
        }
        return read_configuration({"Rules": [rule]})

    proved = ProvedRules(rules(30), "lab", BucketState(Versioning.OFF))
    write = Write("a-a", "111122223333", "lab", rules(30), None, proved_for=proved.proved_for)
    assert codes(verdict(LiveChange(write, proved, "us-east-1", rules(90)))) == ["FL401", "FL410"]
    assert not verdict(LiveChange(write, proved, "us-east-1", rules(20))).refuses


def test_an_undo_that_deletes_sooner_prints_what_approves_it() -> None:
    change, _ = writes(changed("7d"), live_of(changed("30d")))
    undo = replace(change, proved=replace(change.proved, restores="a"))
    told = _words(undo, verdict(undo))
    assert "= help: keep rollout `a`; or have it approved by the entry below" in told
    assert "firnline approve" not in told
    assert "with who does and, for FL402, `deletes_up_to`:" in told
    entries = told[told.index("firnline: approvals") :] + "    deletes_up_to: 1TiB\n"
    approved = replace(undo.proved.agreed, approvals=read(entries))
    assert not verdict(replace(undo, proved=replace(undo.proved, agreed=approved))).refuses


def test_equal_rules_are_compared_once() -> None:
    comparisons = Comparisons()
    first, second = (comparisons.of(each) for each in writes(changed("30d"), live_of(POLICY)))
    assert first.items[0].change is second.items[0].change
    assert [each.items[0].buckets for each in (first, second)] == [("lab/*/a-a",), ("lab/*/b-b",)]
    key = "lab/*/b-b"
    alone = compare(
        {key: BucketConfig(live_of(POLICY)[key], Versioning.ENABLED)},
        {key: config_of(compiled(changed("30d")).buckets[1])},
    )
    assert [each.digest for each in second.items] == [each.digest for each in alone.items]


def test_a_rule_of_others_goes_with_an_approval_unless_the_bucket_does_the_same() -> None:
    theirs = {"ID": "by-hand", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}}
    theirs |= {"Expiration": {"Days": 3}}
    live = read_configuration({"Rules": [theirs]})

    def replacing(document: Document, there: RuleSet) -> LiveChange:
        one = {"applies_to": [{"account": "lab", "buckets": "a-a"}]}
        base = {**POLICY, "uploads": {"abort_after": "never"}, "versioning": "off"}
        (change,) = writes({**base, **one, **document}, {})
        return replace(change, write=replace(change.write, going=live.rules), live=there)

    same = {"retain": {"tmp": {"prefix": "tmp/", "delete_after": "3d"}}}
    longer = {"retain": {"tmp": {"prefix": "tmp/", "delete_after": "9d"}}}
    assert codes(verdict(replacing(same, live))) == []
    (item,) = verdict(replacing(longer, live)).items
    assert (item.rule, item.codes) == (live.rules[0], ("FL422",))
    assert codes(verdict(replacing(longer, RuleSet(())))) == ["FL415"], "it went before"
    entry_of_it = Agreed(approval_of([item]))
    change = replacing(longer, live)
    change = replace(change, proved=replace(change.proved, agreed=entry_of_it))
    assert not verdict(change).refuses
