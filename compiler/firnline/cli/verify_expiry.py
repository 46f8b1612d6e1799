"""`firnline verify --expiry-dates`: S3's own days of expiry, of some objects or by inventories."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from firnline.cli.option_types import count, moment, option_type
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.acted import Acts
from firnline.fleet.expiry.canary_findings import canary_findings
from firnline.fleet.expiry.inventory_findings import inventory_findings
from firnline.fleet.expiry.judge import USUAL, judge_buckets
from firnline.fleet.expiry.sampled import USUAL_LIMITS
from firnline.fleet.expiry.verdicts import BucketVerdict, Compared, WrittenRules
from firnline.fleet.questions import ListedBucket
from firnline.fleet.verify.verified import State, VerifiedBucket
from firnline.inventory.facts.told_days import Due, ToldDays
from firnline.s3.simulate.expiry_date import DayVerdict


@option_type
def _heads(text: str) -> int:
    if count(text) < 1:
        raise ValueError(f"{text} objects tell nothing; write 1 or more")
    return count(text)


def add_expiry_dates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--expiry-dates",
        metavar="N",
        nargs="?",
        type=_heads,
        const=USUAL_LIMITS.heads,
        help="compare the day on which S3 says that it expires an object with the rules, of up to N"
        " objects of each bucket (default: %(const)s)",
    )
    parser.add_argument(
        "--inventory",
        metavar="PLACE",
        action="append",
        default=[],
        help="compare the field LifecycleExpirationDate of this inventory with the rules, of every"
        " object: its manifest.json, on disk or s3://…, or a folder above; with --out html also"
        " what is stored, and what it costs; repeatable",
    )
    parser.add_argument(
        "--written-at",
        metavar="TIME",
        type=moment,
        help="when the rules were last written, such as 2026-05-01T12:00:00Z: an inventory from"
        " before tells nothing of them, and is not compared",
    )
    parser.add_argument(
        "--earlier",
        metavar="PLACE",
        action="append",
        default=[],
        help="and an earlier inventory of the same bucket: did S3 delete or move, between the two,"
        " what the rules say",
    )
    parser.add_argument(
        "--logs",
        metavar="PLACE",
        action="append",
        default=[],
        help="and the server access logs of that time, on disk or s3://…: what somebody else"
        " deleted does not count then",
    )


@dataclass(frozen=True, slots=True)
class Ran:
    """What S3 did between two inventories, and what it had not done by the later one."""

    acts: Acts
    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class ToldByInventory:
    bucket: ListedBucket
    told: ToldDays
    ran: Ran | None = None

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        of_days = inventory_findings(self.bucket, self.told)
        return (*of_days, *(canary_findings(self.ran.acts, self.ran.due) if self.ran else ()))


def told_by_s3(
    heads: int, settle: float, buckets: Sequence[VerifiedBucket], clients: Clients
) -> tuple[BucketVerdict, ...]:
    """Of the buckets that have the rules of the policies, or of the earlier revision of them: what
    has drifted is told by that.
    """
    limits, patience = replace(USUAL_LIMITS, heads=heads), replace(USUAL, settle=settle)
    return judge_buckets(list(written_rules(buckets)), clients, limits, patience)


def written_rules(buckets: Sequence[VerifiedBucket]) -> Iterator[WrittenRules]:
    for each in buckets:
        expected = each.expected
        if each.state is State.AGREES:
            rules, before = expected.rules, expected.before
        elif each.state is State.PENDING and expected.before is not None:
            rules, before = expected.before, None
        else:
            continue
        yield WrittenRules(expected.bucket, rules, expected.versioning, before)


def in_words(verdicts: Sequence[BucketVerdict]) -> Iterator[str]:
    if not verdicts:
        yield "S3's own days of expiry are not compared: no bucket has the rules of the policies"
        return
    compared = [each for verdict in verdicts for each in verdict.compared]
    counts = {verdict: _count(compared, verdict) for verdict in DayVerdict}
    said = [f"{counts[each]:,} {words}" for each, words in _SAID if counts[each]]
    objects, buckets = how_many(len(compared), "object"), how_many(len(verdicts), "bucket")
    yield f"S3's own days of expiry of {objects} of {buckets}: {', '.join(said) or 'none'}"
    for why in dict.fromkeys(each.why for each in compared if each.why):
        alike = [each for each in compared if each.why == why]
        yield f"not known of {how_many(len(alike), 'object')}, such as {_named(alike[0])}: {why}"
    untested = [(each, id) for each in verdicts if not each.failure for id in each.untested]
    if untested:
        verdict, id = untested[0]
        rules = how_many(len(untested), "rule")
        yield (
            f"no day was compared for {rules} with an expiration, such as `{visible(id)}` of"
            f" {visible(verdict.written.bucket.name)}"
        )


def inventories_in_words(found: Sequence[ToldByInventory]) -> Iterator[str]:
    for each in found:
        name, told = visible(each.bucket.name), each.told
        if each.ran:
            yield f"{name}: {_ran_in_words(each.ran)}"
        if told.why:
            yield f"{name}: its inventory {visible(told.called)} {told.why}"
            continue
        counts = [(told.count(verdict), words) for verdict, words in _SAID]
        said = [f"{count:,} {words}" for count, words in counts if count]
        objects = how_many(told.count(*DayVerdict), "object")
        yield (
            f"{name}: days of expiry of {objects} in its inventory of {told.made:%Y-%m-%d %H:%M}"
            f" UTC: {', '.join(said) or 'none'}"
        )


def _ran_in_words(ran: Ran) -> str:
    acts, due = ran.acts, sum(each.objects for each in ran.due)
    since, until = acts.between.since, acts.between.until
    others = f"; others deleted {acts.by_others:,}" if acts.by_others else ""
    return (
        f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC S3 deleted or moved"
        f" {how_many(acts.as_said, 'object')} as the rules say and {acts.too_early:,} before their"
        f" day; {due:,} that should have expired {'is' if due == 1 else 'are'} still there{others}"
    )


_SAID = (
    (DayVerdict.AGREES, "as the rules say"),
    (DayVerdict.DISAGREES, "another"),
    (DayVerdict.NOT_YET, "still that of the rules before"),
    (DayVerdict.UNKNOWN, "not known"),
)


def _count(compared: Sequence[Compared], verdict: DayVerdict) -> int:
    return sum(each.verdict is verdict for each in compared)


def _named(found: Compared) -> str:
    return f"`{visible(found.item.key)}`"


def as_json(verdict: BucketVerdict) -> dict[str, Any]:
    return {
        "key": verdict.written.bucket.key,
        "lists": verdict.lists,
        "heads": verdict.heads,
        "counts": {each.value: len(verdict.of(each)) for each in DayVerdict},
        "untested_rules": list(verdict.untested),
        "objects": [_object(each) for each in verdict.compared],
    }


def inventory_as_json(found: ToldByInventory) -> dict[str, Any]:
    told = found.told
    return {
        "key": found.bucket.key,
        "inventory": told.called,
        "made": told.made.isoformat(timespec="seconds"),
        "why_not": told.why or None,
        "counts": {each.value: told.count(each) for each in DayVerdict},
        "run": _ran_as_json(found.ran) if found.ran else None,
    }


def _ran_as_json(ran: Ran) -> dict[str, Any]:
    return {
        "since": ran.acts.between.since.isoformat(timespec="seconds"),
        "until": ran.acts.between.until.isoformat(timespec="seconds"),
        "as_the_rules_say": ran.acts.as_said,
        "before_their_day": ran.acts.too_early,
        "by_others": ran.acts.by_others,
        "due_and_there": sum(each.objects for each in ran.due),
    }


def _object(found: Compared) -> dict[str, Any]:
    expected = found.expected
    return {
        "key": found.item.key,
        "size": found.item.size,
        "last_modified": found.item.created.isoformat(),
        "verdict": found.verdict.value,
        "told": found.told and found.told.isoformat(),
        "expected": expected.day and expected.day.isoformat(),
        "possible": sorted(day.isoformat() for day in expected.possible if day),
        "rule": expected.rule,
        "why": found.why or None,
    }
