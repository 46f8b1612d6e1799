"""What `firnline verify` found, as the page of the fleet."""

from __future__ import annotations

from firnline.cli.verify_answer import Verification
from firnline.cli.verify_text import conclusion, gaps
from firnline.fleet.verify.verified import State, VerifiedBucket
from firnline.targets.fleet.model import FleetPage, PageAccount, PageBucket, Shown
from firnline.targets.fleet.page import page


def to_html(found: Verification) -> str:
    return page(
        FleetPage(
            namespace=found.namespace,
            at=found.at,
            policies=found.folder,
            base=found.base,
            conclusion=conclusion(found),
            accounts=[
                PageAccount(each.label.value, each.id.value, found.other_buckets.get(each.id.value))
                for each in found.accounts
            ],
            buckets=list(map(_bucket, found.buckets)),
            findings=found.findings,
            unread=[*gaps(found), *found.other_failures],
            coverage=found.coverage,
        )
    )


def _bucket(each: VerifiedBucket) -> PageBucket:
    bucket = each.expected.bucket
    return PageBucket(
        account=bucket.account.label.value,
        account_id=bucket.account.id.value,
        region=bucket.region,
        name=bucket.name,
        state=_SHOWN[each.state],
        versioning=each.expected.versioning,
        rules=each.expected.rules,
    )


_SHOWN = {
    State.AGREES: Shown.AGREES,
    State.DRIFTED: Shown.DRIFTED,
    State.PENDING: Shown.PENDING,
    State.UNREAD: Shown.UNREAD,
}
