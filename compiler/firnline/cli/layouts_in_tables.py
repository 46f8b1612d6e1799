"""An inventory, a summary of one, or metrics → layouts, and what rules take of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from firnline.cli.stored import StoredIn
from firnline.cli.stored_inventory import Inventoried, end_of
from firnline.cli.stored_layouts import Seen, threatened_in, told
from firnline.cli.stored_summary import Summarised
from firnline.consumers.found import Found
from firnline.inventory.facts.frame import Column
from firnline.inventory.layouts.due_in_facts import groups_of, has_archive_tiers
from firnline.inventory.layouts.recognise import recognise
from firnline.inventory.layouts.recognised import of_summary
from firnline.rules.at_risk.findings import Taken, finding
from firnline.rules.at_risk.risks import Risk

_NEEDED = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)


def look_into_table(stored: StoredIn, risks: Sequence[Risk], named: Iterable[Found]) -> Seen:
    """Raises `CommandFailed`."""
    if isinstance(stored, Summarised):
        recognised = of_summary(stored.summary.cut.prefixes)
        threatened = threatened_in(recognised, risks, named, has_archive_tiers=False)
        return Seen(recognised, tuple(map(finding, threatened)), by_keys=False)
    if not isinstance(stored, Inventoried):
        return Seen((), (), by_keys=False)  # metrics tell no key
    with stored.reading("check", _NEEDED) as facts:
        recognised = recognise(facts)
        tiers = has_archive_tiers(facts)
        certain = [each for each in named if each.is_shown]
        threatened = threatened_in(recognised, risks, certain, has_archive_tiers=tiers)
        groups = list(groups_of(facts, threatened))
        known = Column.TAGS in facts.known
        of = Taken(stored.bucket, end_of(stored.path), stored.as_of, known)
        return Seen(recognised, told(of, recognised, threatened, groups))
