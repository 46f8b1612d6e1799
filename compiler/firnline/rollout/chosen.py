"""Some accounts and waves of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from firnline.rollout.plan import Plan


class NoSuchAccount(Exception):
    """Nothing fits; the text says what there is."""


class WaveBefore(Exception):
    """A wave before a chosen one is not deployed; the text says which accounts."""


def fits(label: str, patterns: Sequence[str]) -> bool:
    """Whether one of them names it, and none that begins with `!`."""
    excluded = [each[1:] for each in patterns if each.startswith("!")]
    included = [each for each in patterns if not each.startswith("!")] or ["*"]
    return any(fnmatchcase(label, each) for each in included) and not any(
        fnmatchcase(label, each) for each in excluded
    )


def chosen(plan: Plan, labels: Sequence[str], waves: Sequence[int]) -> Plan:
    """Those accounts that fit one of the labels, `*` for any part of it, and none that begins with
    `!`; of those waves. Its digest is that of the whole plan. Raises `NoSuchAccount`, `WaveBefore`.
    """
    excluded = [each[1:] for each in labels if each.startswith("!")]
    included = [each for each in labels if not each.startswith("!")] or ["*"]
    known = [each.label for each in plan.accounts]
    for pattern in (*included, *excluded):
        if known and not any(fnmatchcase(label, pattern) for label in known):
            raise NoSuchAccount(f"no account `{pattern}` has buckets here: {', '.join(known)}")
    fitting = tuple(each for each in plan.accounts if fits(each.label, labels))
    if not waves:
        return replace(plan, accounts=fitting)
    there = {each.wave for each in fitting}
    for wave in waves:
        if wave not in there:
            raise NoSuchAccount(f"there is no wave {wave}: {', '.join(map(str, sorted(there)))}")
    before = [each for each in fitting if each.wave < min(waves) and not each.has_nothing_to_do]
    if before:
        raise WaveBefore(
            f"wave {before[0].wave} is not deployed yet: {', '.join(each.label for each in before)}"
        )
    return replace(plan, accounts=tuple(each for each in fitting if each.wave in waves))
