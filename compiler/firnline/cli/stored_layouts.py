"""A listing of a bucket → its layouts, and what rules take of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from firnline.cli.listing_file import called
from firnline.cli.stored import Listed
from firnline.consumers.found import Found, outermost
from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.layouts.due import Group, due, of_items
from firnline.inventory.layouts.recognised import Recognised
from firnline.inventory.layouts.recognised import of_items as recognised_in
from firnline.rules.at_risk.findings import Taken, finding
from firnline.rules.at_risk.risks import TIERED, AtRisk, Risk, at_risk
from firnline.s3.billing import ARCHIVED_TIERS


class Seen(NamedTuple):
    """`by_keys`: what prefixes only look like is not there unless it was recognised."""

    recognised: tuple[Recognised, ...]
    found: tuple[Diagnostic, ...]
    by_keys: bool = True


def look_into_listing(
    stored: Listed, bucket: str | None, risks: Sequence[Risk], named: Iterable[Found]
) -> Seen:
    """`named` are known by the prefixes of policies."""
    recognised = recognised_in(stored.items)
    tiers = {item.tier for item in stored.items}
    has_archive_tiers = not tiers.isdisjoint(ARCHIVED_TIERS)
    certain = [each for each in named if each.is_shown]
    threatened = threatened_in(recognised, risks, certain, has_archive_tiers=has_archive_tiers)
    groups = list(of_items(stored.items, threatened, tags_known=stored.has_tags))
    facts = Taken(bucket, called(stored.path), stored.as_of, stored.has_tags)
    return Seen(recognised, told(facts, recognised, threatened, groups))


def threatened_in(
    recognised: Iterable[Recognised],
    risks: Iterable[Risk],
    named: Iterable[Found],
    *,
    has_archive_tiers: bool,
) -> tuple[AtRisk, ...]:
    """Without archive tiers, what moves to INTELLIGENT_TIERING is read at once. `named` are those
    that prefixes say.
    """
    matter = [
        each for each in risks if has_archive_tiers or each.threat.storage_class not in TIERED
    ]
    return at_risk(matter, outermost([*(each.found for each in recognised), *named]))


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
