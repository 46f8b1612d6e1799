"""Which gates does a write open? Whether anything is stored is looked up only where it decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import NoAccess
from firnline.rules.diff.items import Comparison
from firnline.rules.gates.first_rules import FIRST_RULES
from firnline.rules.gates.gate import GatedItem
from firnline.targets.pulumi_aws.gates import GateVerdict, judge_gates, standing_on
from firnline.targets.pulumi_aws.live_change import LiveChange
from firnline.targets.pulumi_aws.look import Look


def verdict_on(change: LiveChange, compared: Comparison, look: Look) -> GateVerdict:
    """`compared` is what the change does. Blocks where the bucket is looked at."""
    key, names, today = change.proved.key, change.names, date.today()
    agreed = change.proved.agreed if key is None else standing_on(key, change.proved.agreed)
    verdict = judge_gates(compared, names, agreed, today)
    if not verdict.refuses or not verdict.is_of_first_rules:
        return verdict
    try:
        is_empty = look.is_empty(change.write.bucket)
    except NoAccess as why:
        note = f"whether anything is stored there is not known: {why.permission}: {why.reason}"
        return replace(verdict, found=tuple(_with(note, verdict.found)))
    return judge_gates(compared, names, agreed, today, is_empty=True) if is_empty else verdict


def core_of(items: Iterable[GatedItem]) -> object:
    """The same for the same change on another bucket."""
    return tuple((item.digest_on(("",)), item.codes, item.approved) for item in items)


def _with(note: str, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    for each in found:
        is_first = each.kind is FIRST_RULES
        yield replace(each, notes=(*each.notes, note)) if is_first else each
