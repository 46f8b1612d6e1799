"""A listing of a bucket → its layouts, and what rules take of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from firnline.cli.listing_file import called
from firnline.cli.stored import Listed
from firnline.consumers.found import Found, together
from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.layouts.due import Group, due, of_items
from firnline.inventory.layouts.recognised import Recognised
from firnline.inventory.layouts.recognised import of_items as recognised_in
from firnline.rules.at_risk.findings import Taken, finding
from firnline.rules.at_risk.risks import TIERED, AtRisk, Risk, at_risk
from firnline.s3.billing import ARCHIVED_TIERS


class Rules(NamedTuple):
    """The risks of one set of rules, and the layouts that its prefixes name."""

    risks: Sequence[Risk]
    named: Sequence[Found]


class Seen(NamedTuple):
    """What is `found` of each set of rules. `by_keys`: what prefixes only look like is not there
    unless it was recognised.
    """

    recognised: tuple[Recognised, ...]
    found: tuple[tuple[Diagnostic, ...], ...]
    by_keys: bool = True


def threatened_in(
    recognised: Iterable[Recognised], rules: Rules, *, by_keys: bool, has_archive_tiers: bool
) -> tuple[AtRisk, ...]:
    """Without archive tiers, what moves to INTELLIGENT_TIERING is read at once."""
    named = [each for each in rules.named if each.is_shown or not by_keys]
    matter = [
        each for each in rules.risks if has_archive_tiers or each.threat.storage_class not in TIERED
    ]
    return at_risk(matter, together([*(each.found for each in recognised), *named]))


def told(
    facts: Taken,
    recognised: Iterable[Recognised],
    threatened: Iterable[AtRisk],
    groups: Sequence[Group],
) -> tuple[Diagnostic, ...]:
    more = {each.layout.called for each in recognised if each.has_more}
    return tuple(
        finding(each, (facts, due(each, groups, at_least=each.layout.called in more)))
        for each in threatened
    )


def look_into_listing(stored: Listed, bucket: str | None, rules: Sequence[Rules]) -> Seen:
    recognised = recognised_in(stored.items)
    tiers = not {item.tier for item in stored.items}.isdisjoint(ARCHIVED_TIERS)
    facts = Taken(bucket, called(stored.path), stored.as_of, stored.has_tags)
    found = []
    for each in rules:
        threatened = threatened_in(recognised, each, by_keys=True, has_archive_tiers=tiers)
        groups = list(of_items(stored.items, threatened, tags_known=stored.has_tags))
        found.append(told(facts, recognised, threatened, groups))
    return Seen(recognised, tuple(found))
