"""All findings about the rules of a forecast, and numbers for what was found without facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from firnline.diagnostics.kinds import Diagnostic, Waived, in_order
from firnline.diagnostics.position import Place
from firnline.inventory.checks import (
    cold_reads,
    move_bill,
    never_pays_back,
    short_stop,
    small_object,
)
from firnline.inventory.checks.billed_early import Early, billed_early
from firnline.inventory.checks.judged import BilledTogether, Watched, watched
from firnline.inventory.checks.never_ends import never_ends
from firnline.inventory.checks.transition import Moved, Transition, moved
from firnline.inventory.checks.where import Where, where
from firnline.inventory.payback.moves import By, leaving
from firnline.inventory.payback.reading import ColdRead
from firnline.language.model import Policy
from firnline.language.waivers import waive, waived

CHECKS = (
    never_pays_back.check,
    small_object.check,
    short_stop.check,
    move_bill.check,
    cold_reads.check,
)


class Findings(NamedTuple):
    """`waived` is what the policies waive, and none of the diagnostics."""

    diagnostics: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]


def findings(
    places: Iterable[BilledTogether], as_of: datetime, months: int, told: Sequence[Diagnostic] = ()
) -> Findings:
    """`told` is what was found without facts: where these have a number for it, it is told again
    with that. Raises `NoPrice`.
    """
    buckets = watched(places, as_of, months)
    early: list[Early] = []
    found = [
        diagnostic
        for transition in _transitions(buckets, months, early)
        for check in CHECKS
        for diagnostic in check(transition)
    ]
    found += billed_early(early, told, months)
    found += never_ends(buckets, told)
    policies = _policies(buckets)
    return Findings(in_order(waive(policies, found)), tuple(waived(policies, in_order(found))))


def _transitions(buckets: Iterable[Watched], months: int, early: list[Early]) -> list[Transition]:
    """And in `early` what is deleted before the minimum duration of its class."""
    at: dict[_Step, Where] = {}
    all_moved: dict[_Step, list[Moved]] = defaultdict(list)
    read: dict[_Step, ColdRead] = {}
    for bucket in buckets:
        known: dict[By, Where] = {}
        for by, cold in bucket.reads.items():
            assert by.into is not None
            there = where(bucket.config, bucket.name, by)
            step = _Step(there.place, "" if there.move else there.rule, by.into)
            at.setdefault(step, there)
            read[step] = read[step].plus(cold) if step in read else cold
        payback = bucket.payback
        for each, volume in leaving(bucket.stored, bucket.arriving, payback.calendar).items():
            if each.by not in known:
                known[each.by] = where(bucket.config, bucket.name, each.by)
            there = known[each.by]
            if each.by.into is not None:
                step = _Step(there.place, "" if there.move else there.rule, each.by.into)
                at.setdefault(step, there)
                all_moved[step].append(moved(each, volume, payback))
            elif usd := payback.early(each, volume):
                stayed, left = each.day - each.left.since, each.left.storage_class
                late = each.is_there and each.was_current
                early.append(Early(there, left, volume, usd, stayed, stayed, late))
    return [
        Transition(at[step], step.into, months, tuple(all_moved[step]), read.get(step))
        for step in at
    ]


class _Step(NamedTuple):
    place: Place
    rule: str
    into: str


def _policies(buckets: Iterable[Watched]) -> list[Policy]:
    programs = [bucket.config.program for bucket in buckets]
    policies = [policy for program in programs if program for policy in program.policies]
    return list({id(policy): policy for policy in policies}.values())
