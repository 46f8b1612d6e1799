"""An inventory, a summary of one, or metrics → layouts, and what rules take of them."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.stored import StoredIn
from firnline.cli.stored_inventory import Inventoried, end_of
from firnline.cli.stored_layouts import Rules, Seen, threatened_in, told
from firnline.cli.stored_summary import Summarised
from firnline.inventory.facts.frame import Column
from firnline.inventory.layouts.due_in_facts import groups_of, has_archive_tiers
from firnline.inventory.layouts.recognise import recognise
from firnline.inventory.layouts.recognised import of_summary
from firnline.rules.at_risk.findings import Taken, finding

_NEEDED = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)


def look_into_table(stored: StoredIn, rules: Sequence[Rules], command: str) -> Seen:
    """Raises `CommandFailed`."""
    if isinstance(stored, Summarised):
        recognised = of_summary(stored.summary.cut.prefixes)
        found = [
            threatened_in(recognised, each, by_keys=False, has_archive_tiers=False)
            for each in rules
        ]
        return Seen(recognised, tuple(tuple(map(finding, each)) for each in found), by_keys=False)
    if not isinstance(stored, Inventoried):
        return Seen((), tuple(() for _ in rules), by_keys=False)  # metrics tell no key
    with stored.reading(command, _NEEDED) as facts:
        recognised = recognise(facts)
        tiers = has_archive_tiers(facts)
        threatened = [
            threatened_in(recognised, each, by_keys=True, has_archive_tiers=tiers) for each in rules
        ]
        groups = list(groups_of(facts, [risk for each in threatened for risk in each]))
        known = Column.TAGS in facts.known
        of = Taken(stored.bucket, end_of(stored.path), stored.as_of, known)
        return Seen(recognised, tuple(told(of, recognised, each, groups) for each in threatened))
