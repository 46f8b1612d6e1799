"""What a run leaves in the stack's state of what was forecast for its changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.rpc import UNKNOWN

from firnline.fleet.accounts import Access, Clients
from firnline.fleet.live import Live
from firnline.inventory.manifest import InventoryFormat
from firnline.inventory.savings.entry import Change, Entry
from firnline.inventory.savings.ledger import read_ledger, to_json
from firnline.inventory.writer.manifest_json import manifest_json
from firnline.inventory.writer.row import OF_CURRENT_OBJECTS
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.shape import to_s3
from firnline.s3.terms import Days, Versioning
from firnline.targets.pulumi_aws import savings
from firnline.targets.pulumi_aws.claims import Claims
from firnline.targets.pulumi_aws.hooks import Guard
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules
from firnline.targets.pulumi_aws.run_gates import RunGates
from firnline.targets.pulumi_aws.shared_look import SharedLook
from firnline.targets.pulumi_aws.stack import digest

ACCOUNT = "012345670123"
WEEK = RuleSet((Rule("firnline/lab/tmp", Filter("tmp/"), expires=Days(7)),))
MONTH = RuleSet((replace(WEEK.rules[0], expires=Days(30)),))
EARLIER = Entry(
    Change(
        "lab", ACCOUNT, "us-east-1", Versioning.OFF, datetime(2026, 1, 1, tzinfo=UTC), MONTH, WEEK
    ),
    missing="no inventory is named",
)


@dataclass
class ReadBack:
    """As far as the ledger waits for it."""

    guards: Sequence[Guard]
    waited: bool = field(default=False)

    async def ended(self) -> Sequence[Guard]:
        self.waited = True
        return self.guards


def guard(
    live: RuleSet, rules: RuleSet, *, writes: bool = True, applied: str | None = None
) -> Guard:
    """Of a bucket that this run writes, if it does, or has written; `applied` is the digest of what
    an earlier one did.
    """
    look, shared = Look(Access(ACCOUNT, None, "us-east-1"), Clients()), SharedLook()
    proved = ProvedRules(rules, "lab", BucketState(Versioning.OFF))
    found = Guard("lab", "lab", proved, (), look, shared, Claims(), RunGates(), applied)
    shared._accepted["lab"] = Live(to_s3(live) if live.rules else None)
    found.writes = writes
    found.written = found.write_of("lab", rules, None) if writes else None
    return found


@pytest.fixture(autouse=True)
def up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    monkeypatch.setattr(pulumi.log, "info", lambda _text: None)
    monkeypatch.setattr(pulumi, "Config", lambda _name: {"other": "setting"})


def ledger(*guards: Guard, earlier: Sequence[Entry] = (EARLIER,)) -> Any:
    return kept(savings.Earlier(tuple(earlier)), *guards)


def kept(earlier: savings.Earlier, *guards: Guard) -> Any:
    return asyncio.run(savings._ledger(ReadBack(guards), earlier))  # type: ignore[arg-type]


def test_a_change_is_kept_with_the_rules_before_and_after_beside_earlier_ones() -> None:
    first, second = read_ledger(json.loads(json.dumps(ledger(guard(WEEK, MONTH)))))
    assert first == EARLIER
    assert (second.change.before, second.change.after) == (WEEK, MONTH)
    assert (
        second.missing == "no inventory is named: `firnline:inventory` in Pulumi.prod.yaml does it"
    )


def test_what_is_not_written_and_what_means_the_same_are_no_changes() -> None:
    renamed = RuleSet((replace(WEEK.rules[0], id="firnline/lab/other"),))
    expected = to_json([EARLIER])
    assert ledger(guard(WEEK, renamed)) == expected
    assert ledger(guard(WEEK, MONTH, writes=False)) == expected


def test_what_an_earlier_run_wrote_and_did_not_record_is_added_late() -> None:
    killed = guard(MONTH, MONTH, writes=False, applied=digest(WEEK))
    assert ledger(killed) == to_json([EARLIER])  # a refresh that runs the program
    killed.was_written = True
    unrecorded = guard(MONTH, MONTH, writes=False, applied=digest(MONTH))
    for each in (killed, unrecorded):
        first, late = read_ledger(ledger(each))
        assert first == EARLIER
        assert (late.change.before, late.change.after) == (WEEK, MONTH)
        assert late.late
        assert "ended before it was recorded" in late.missing
        assert ledger(each, earlier=[EARLIER, late]) == to_json([EARLIER, late])


def test_a_change_is_of_the_rollout_that_the_run_is_part_of() -> None:
    told = asyncio.run(savings._ledger(ReadBack([guard(WEEK, MONTH)]), savings.Earlier(), "a"))  # type: ignore[arg-type]
    (entry,) = read_ledger(told)
    assert (entry.rollout, entry.late) == ("a", False)


@pytest.mark.parametrize(("begun", "rollout"), [(("a",), "a"), (("",), None), (("a", "b"), None)])
def test_what_a_run_that_ended_early_wrote_is_of_its_rollout_if_it_is_the_only_one(
    begun: tuple[str, ...], rollout: str | None
) -> None:
    earlier = savings.Earlier((EARLIER,), begun=begun)
    replaced = guard(MONTH, WEEK)
    replaced.allowed = replaced.written
    _, late, change = read_ledger(kept(earlier, replaced))
    assert (late.change.before, late.change.after) == (WEEK, MONTH)
    assert (late.late, late.rollout) == (True, rollout)
    assert (change.change.before, change.change.after) == (MONTH, WEEK)
    again = guard(MONTH, MONTH)
    again.allowed = again.written
    _, late = read_ledger(kept(earlier, again))
    assert (late.change.before, late.change.after, late.rollout) == (WEEK, MONTH, rollout)


def test_of_a_first_write_that_was_not_recorded_only_rules_of_others_were_there_before() -> None:
    others = Rule("by-hand", Filter("exports/"), expires=Days(3))
    both = RuleSet((others, *WEEK.rules))
    found = guard(both, both, writes=False)
    assert ledger(found, earlier=()) == to_json([])
    found.was_written = True
    (late,) = read_ledger(ledger(found, earlier=()))
    assert late.change.before.rules == (others,)
    assert late.change.after == both


def test_a_preview_does_not_know_what_it_adds_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    assert ledger(guard(MONTH, MONTH, writes=False, applied=digest(MONTH))) == UNKNOWN


def test_a_change_is_kept_after_an_earlier_one_that_a_faster_clock_has_dated() -> None:
    ahead = replace(EARLIER, change=replace(EARLIER.change, at=datetime(2999, 1, 1, tzinfo=UTC)))
    first, second = read_ledger(ledger(guard(WEEK, MONTH), earlier=(ahead,)))
    assert first == ahead
    assert second.change.at > first.change.at


def test_two_changes_beside_one_inventory_of_a_faster_clock_are_both_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = datetime(2999, 1, 1, 1, 0, 0, 500_000, tzinfo=UTC)
    manifest = manifest_json(
        source="lab",
        destination="listed",
        made=made,
        form=InventoryFormat.CSV,
        fields=OF_CURRENT_OBJECTS,
        files=[],
    )
    (tmp_path / "manifest.json").write_bytes(manifest)
    (tmp_path / "manifest.checksum").write_bytes(b"another")  # so that nothing is forecast
    setting = {"inventory": str(tmp_path / "manifest.json")}
    monkeypatch.setattr(pulumi, "Config", lambda _name: setting)
    one = read_ledger(ledger(guard(WEEK, MONTH), earlier=()))
    first, second = read_ledger(ledger(guard(MONTH, WEEK), earlier=one))
    assert (first.change.after, second.change.after) == (MONTH, WEEK)
    assert made <= first.change.at < second.change.at


def test_a_preview_keeps_what_there_is_and_does_not_know_what_a_write_adds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    assert ledger(guard(WEEK, MONTH, writes=False)) == to_json([EARLIER])
    assert ledger(guard(WEEK, MONTH)) == UNKNOWN


def test_a_mistake_in_a_forecast_is_recorded_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = {"inventory": "s3://listed/\0"}  # which no command can be given
    monkeypatch.setattr(pulumi, "Config", lambda _name: nowhere)
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", told.append)
    (entry,) = read_ledger(ledger(guard(WEEK, MONTH), earlier=()))
    assert entry.missing == "ValueError: embedded null byte"
    assert told == [f"what this saves on lab is not recorded: {entry.missing}"]


def in_state(ledger: object) -> dict[str, Any]:
    return {
        "urn:pulumi:prod::lab::pulumi:pulumi:Stack::lab-prod": {"outputs": {}},
        "urn:pulumi:prod::lab::firnline:s3:Savings::savings": {"outputs": {"ledger": ledger}},
    }


def test_entries_are_read_from_a_state_in_which_all_numbers_are_floats() -> None:
    state = in_state(json.loads(json.dumps(to_json([EARLIER])), parse_int=float))
    assert savings.earlier_in(state) == savings.Earlier((EARLIER,))


def test_a_ledger_of_another_version_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", told.append)
    newer = {"schema_version": 2.0, "changes": []}
    assert kept(savings.earlier_in(in_state(newer)), guard(WEEK, MONTH)) == newer
    assert "its schema_version is 2, and this Firnline reads 1" in told[0]
