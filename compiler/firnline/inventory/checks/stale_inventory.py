"""Are the facts of what is stored older than the project allows?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.inventory.checks.seen import Seen, first_policy
from firnline.s3.terms import Days

_POLICY = "retain: {all: {prefix: '', delete_after: never}}\n"

STALE_INVENTORY = Kind(
    code="FL902",
    name="stale-inventory",
    severity=Severity.WARNING,
    title="what tells what is stored is old",
    why=(
        "What was written, deleted or moved since is not in it. S3 Inventory lists weekly at the"
        " longest, and delivers within 48 hours (S3 User Guide, Amazon S3 Inventory), so that from"
        " 9 days on a newer one should be there. `[max_age] inventory` in firnline.toml says from"
        " which age on it is reported. A listing of a tool does not say when it was made, so that"
        " its age is not known."
    ),
    help="take a newer inventory, or sum one up again; `--max-age 9d` refuses an older one",
    wrong={"policy.yaml": _POLICY, "firnline.toml": '[max_age]\ninventory = "9d"\n'},
    right={"policy.yaml": _POLICY, "firnline.toml": '[max_age]\ninventory = "30d"\n'},
)


def check(seen: Seen, today: date, limit: Days) -> Iterator[Diagnostic]:
    for bucket in seen.buckets:
        if bucket.as_of is None:
            continue
        age = (today - bucket.as_of.date()).days
        if age > limit:
            yield STALE_INVENTORY.at(
                first_policy(bucket).name.span,
                f"what is known of {bucket.facts} is {how_many(age, 'day')} old",
            )
