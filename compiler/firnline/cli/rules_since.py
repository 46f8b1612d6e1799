"""What became of the rules of a change, as far as the ledger and the state that has it tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from firnline.inventory.savings.entry import Change, Entry
from firnline.inventory.savings.still_live import still_live
from firnline.s3.model import RuleSet


class Ledger(NamedTuple):
    """`deployed` are the rules in the state by bucket, None where they cannot be read; there is
    none of a ledger alone.
    """

    entries: Sequence[Entry]
    deployed: Mapping[str, RuleSet | None] | None = None


class Since(NamedTuple):
    """The rules of which it may be asked what they have done, and what is not known of others."""

    rules: RuleSet
    note: str | None = None


def next_change(change: Change, entries: Sequence[Entry]) -> Entry | None:
    """Of the same bucket."""
    later = [
        each
        for each in entries
        if (each.change.account, each.change.bucket) == (change.account, change.bucket)
        and each.change.at > change.at
    ]
    return min(later, key=lambda each: each.change.at, default=None)


def rules_since(change: Change, ledger: Ledger) -> Since:
    following = next_change(change, ledger.entries)
    if following is not None:
        next_one = following.change
        until = next_one.after if following.late else next_one.before
        return _as_far_as(change.after, until, _BEFORE.format(next_one.at))
    if ledger.deployed is None:
        return Since(change.after)
    if change.bucket not in ledger.deployed:
        return Since(change.after, _NOT_DEPLOYED)
    return _as_far_as(change.after, ledger.deployed[change.bucket], _BY_NOW)


def _as_far_as(rules: RuleSet, later: RuleSet | None, note: str) -> Since:
    acting = rules if later is None else still_live(rules, later)
    return Since(rules) if acting == rules else Since(acting, note)


_NOT_HELD = (
    "since when is not in the ledger, so what those rules have not done is not told, and what came"
    " of it since then is no work of this change alone"
)
_BEFORE = (
    f"some of its rules were no longer live before the next change on {{:%Y-%m-%d}}: {_NOT_HELD}"
)
_BY_NOW = f"the stack's state has some of its rules no longer, or changed: {_NOT_HELD}"
_NOT_DEPLOYED = (
    "the stack no longer deploys rules of this bucket, which leaves them live: whether they still"
    " are, its state does not tell (`firnline show` does)"
)
