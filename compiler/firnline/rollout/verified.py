"""Does S3 answer what a wave has deployed? Reads AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.text import to_text
from firnline.fleet.accounts import Clients
from firnline.fleet.questions import Failure
from firnline.fleet.verify.expected import expected_buckets
from firnline.fleet.verify.series import Patience
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.fleet.verify.verify import verify_buckets
from firnline.language.fleet import Fleet
from firnline.rollout.plan import AccountPlan

SETTLES: Final = 60.0
"""Seconds within which S3 must answer what was written."""


def verified(accounts: Sequence[AccountPlan], fleet: Fleet) -> Mapping[str, str]:
    """What is wrong, by account: of those in which something is. Blocks for some seconds."""
    compiled = [bucket.compiled for account in accounts for bucket in account.buckets]
    expected = expected_buckets(compiled, fleet)
    found: dict[str, list[str]] = {}
    for each in verify_buckets(expected, Clients(), Patience(settle=SETTLES)):
        label = each.expected.bucket.account.label.value
        if wrong := _wrong(each):
            found.setdefault(label, []).append(wrong)
    return {label: "\n".join(dict.fromkeys(texts)) for label, texts in found.items()}


def _wrong(bucket: VerifiedBucket) -> str:
    if bucket.failure is not None:
        return unread(bucket.failure)
    if bucket.unsure:
        return f"{bucket.expected.bucket.name}: S3 does not give the same answer twice"
    return errors_in(bucket.findings)


def unread(failure: Failure) -> str:
    """In one line."""
    where = f"{failure.bucket}: " if failure.bucket else ""
    return f"{where}{failure.why.permission}: {failure.why.reason}"


def errors_in(found: Iterable[Diagnostic]) -> str:
    """As text; empty where there are only warnings and notes."""
    found = tuple(found)
    return to_text(found).strip("\n") if has_errors(found) else ""
