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
from firnline.rules.at_risk.risks import AtRisk, Risk, at_risk


class Seen(NamedTuple):
    recognised: tuple[Recognised, ...]
    found: tuple[Diagnostic, ...]


def look_into_listing(
    stored: Listed, bucket: str | None, risks: Sequence[Risk], named: Iterable[Found]
) -> Seen:
    """`named` are known by the prefixes of policies."""
    recognised = recognised_in(stored.items)
    threatened = threatened_in(recognised, risks, named)
    groups = list(of_items(stored.items, threatened, tags_known=stored.has_tags))
    whose = bucket or called(stored.path)
    facts = Taken(whose, called(stored.path), stored.as_of, stored.has_tags)
    return Seen(recognised, told(facts, threatened, groups))


def threatened_in(
    recognised: Iterable[Recognised], risks: Iterable[Risk], named: Iterable[Found]
) -> tuple[AtRisk, ...]:
    return at_risk(risks, outermost([*(each.found for each in recognised), *named]))


def told(
    facts: Taken, threatened: Iterable[AtRisk], groups: Sequence[Group]
) -> tuple[Diagnostic, ...]:
    return tuple(finding(each, (facts, due(each, groups))) for each in threatened)
