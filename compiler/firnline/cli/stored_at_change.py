"""What was stored at a change of rules, by the inventory that its entry in the ledger names."""

from __future__ import annotations

from pathlib import Path

from firnline.cli.later_inventories import at_path
from firnline.inventory.facts.alike import groups_in
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.s3_inventory import MANIFEST
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.savings.entry import Change
from firnline.inventory.savings.gone import Listed, batches
from firnline.s3.terms import Versioning


def listed_at_change(change: Change, path: Path) -> Listed | None:
    """None where another one lies there now, or where it does not tell the tags that rules filter
    by. Raises `CommandFailed`.
    """
    if path.name != MANIFEST:
        return None
    found = at_path(str(path))
    if found.bucket != change.bucket or found.made > change.at:
        return None
    is_suspended = change.versioning is Versioning.SUSPENDED
    wanted = cuts((change.before, change.after), is_suspended).by_day
    with found.facts() as facts:
        if wanted.tags and Column.TAGS not in facts.known:
            return None
        return Listed(found.made, tuple(groups_in(facts, wanted, batches(change)[0], facts.as_of)))
