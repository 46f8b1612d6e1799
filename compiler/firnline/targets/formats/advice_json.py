"""Advice as data: a stable, versioned format (`firnline schema advise`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import reduce
from typing import Any

from firnline.inventory.advice.advice import Advice
from firnline.inventory.advice.proposed import Line, Worth
from firnline.inventory.forecast.change import Change
from firnline.targets.advice_changed import all_reasons
from firnline.targets.advice_diff import to_diff
from firnline.targets.advice_edits import keys_to_drop, settings_to_write
from firnline.targets.advice_policy import as_policy, settings_of
from firnline.targets.between_json import break_even, number, rounded

SCHEMA_VERSION = 1


def to_json(advice: Advice) -> str:
    forecast, draft, header = advice.forecast, advice.draft, advice.draft.header
    change = forecast.change
    document = {
        "schema_version": SCHEMA_VERSION,
        "exact": change.is_exact,
        "bucket": header.bucket,
        "as_of": forecast.as_of.isoformat(),
        "months": len(change.saved),
        "facts": list(forecast.facts),
        "prices": [each.in_words for each in forecast.prices],
        "today_usd_a_month": rounded(advice.usd_a_month),
        "first_month_usd": _month(change, 0),
        "last_month_usd": _month(change, -1),
        "saved_usd": number(change.saved_so_far[-1]),
        "break_even_month": break_even(change.break_even),
        "prefixes": list(_prefixes(advice)),
        "lines": list(_lines(advice)),
        "changes": list(_changes(advice)),
        "notes": list(advice.notes),
        "policy": None if draft.is_empty else as_policy(draft, (), all_reasons(advice)),
        "path": None if draft.is_empty else advice.path,
        "diff": to_diff(advice) if advice.covered else None,
    }
    return json.dumps(document, indent=2) + "\n"


def _month(change: Change, place: int) -> dict[str, Any]:
    before, after = change.before.costs[place], change.after.costs[place]
    return {"before": number(before.total), "after": number(after.total)}


def _prefixes(advice: Advice) -> Iterator[dict[str, Any]]:
    for each in advice.draft.proposed.tiers:
        below = advice.worths.below[each.prefix]
        yield {
            "prefix": each.prefix,
            "retention": advice.draft.names[each.prefix],
            "objects": below.volume.objects,
            "bytes": below.volume.bytes,
            "usd_a_month_today": rounded(below.today),
            "usd_in_last_month": rounded(below.at_last),
        }


def _lines(advice: Advice) -> Iterator[dict[str, Any]]:
    told = all_reasons(advice)
    for line, worth in advice.worths.lines.items():
        if line in {each for change in advice.changes for each in change.lines}:
            continue
        key, value = settings_of(advice.draft.proposed, line)
        yield {**_place(advice, line), "key": key, "value": value, **_worth(worth)} | {
            "why": told[line]
        }


def _changes(advice: Advice) -> Iterator[dict[str, Any]]:
    told = all_reasons(advice)
    for change in advice.changes:
        yield {
            "file": change.path,
            "policy": change.policy,
            "retention": change.retention,
            "prefixes": list(change.prefixes),
            "set": dict(settings_to_write(change)),
            "drop": list(keys_to_drop(change)),
            "other_buckets": change.others,
            **_worth(reduce(Worth.plus, (advice.worths.lines[each] for each in change.lines))),
            "lines": [
                {
                    "keys": [key for key in keys if key],
                    **_worth(advice.worths.lines[line]),
                    "why": told[line],
                }
                for keys, line in zip(change.steps, change.lines, strict=True)
            ],
        }


def _place(advice: Advice, line: Line) -> dict[str, Any]:
    named = None if line.prefix is None else advice.draft.names[line.prefix]
    return {"retention": named, "prefix": line.prefix}


def _worth(worth: Worth) -> dict[str, Any]:
    return {
        "saved_usd_in_last_month": rounded(worth.a_month),
        "saved_usd": rounded(worth.in_all),
        "transitions_usd": rounded(worth.paid),
        "saved_usd_by_month": [rounded(each) for each in worth.saved],
    }
