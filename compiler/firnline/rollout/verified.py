"""Does S3 answer what a wave has deployed? Reads AWS."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.text import to_text
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.findings import findings
from firnline.fleet.expiry.judge import USUAL, judge_buckets
from firnline.fleet.expiry.verdicts import BucketVerdict, WrittenRules
from firnline.fleet.live import read_clock
from firnline.fleet.questions import LOCATE_BUCKET, Failure, ask
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.series import Patience
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.fleet.verify.verify import verify_buckets
from firnline.rollout.plan import AccountPlan, listed
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.terraform_provider import as_sent
from firnline.targets.changes_in_short import names

SETTLES: Final = 180.0
"""Seconds within which S3 must tell days of expiry by new rules everywhere."""
_READS_SETTLE: Final = 60.0
"""Seconds within which it must answer the rules themselves."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What is `wrong`, by account, of those in which something is; `at` is when, in seconds since
    1970 by the clock of S3.
    """

    wrong: Mapping[str, str]
    notes: tuple[str, ...] = ()
    at: float = 0.0


def verified(
    accounts: Sequence[AccountPlan], written: Collection[str], settles: float = SETTLES
) -> Verified:
    """`written` are the labels of those whose rules may be new to S3: for a sample of objects it
    must also tell the day that these rules mean. Blocks: for some seconds, and for minutes where S3
    has not taken them everywhere.
    """
    clients = Clients()
    found: dict[str, list[str]] = defaultdict(list)
    for bucket in read(accounts, clients, settles):
        if wrong := _wrong(bucket):
            found[bucket.expected.bucket.account.label.value].append(wrong)
    fit = [each for each in accounts if each.label in written and each.label not in found]
    verdicts = judge_buckets(_written(fit), clients, patience=replace(USUAL, settle=settles))
    for verdict in verdicts:
        if wrong := errors_in(findings(verdict)):
            found[verdict.written.bucket.account.label.value].append(wrong)
    wrong_in = {label: "\n".join(dict.fromkeys(texts)) for label, texts in found.items()}
    return Verified(wrong_in, tuple(notes_on(verdicts)), _clock(accounts, clients))


def read(
    accounts: Iterable[AccountPlan], clients: Clients, settles: float = SETTLES
) -> tuple[VerifiedBucket, ...]:
    """What is live on their buckets, compared with what the rollout writes. Blocks."""
    patience = Patience(settle=min(settles, _READS_SETTLE))
    return verify_buckets(_expected(accounts), clients, patience)


def _clock(accounts: Iterable[AccountPlan], clients: Clients) -> float:
    """That of S3; ours where no bucket answers."""
    places = (listed(account, each) for account in accounts for each in account.buckets)
    told = (ask(clients, each, LOCATE_BUCKET, read_clock) for each in places)
    now = next((each for each in told if not isinstance(each, Failure)), None)
    return time.time() if now is None else now.timestamp()


def _expected(accounts: Iterable[AccountPlan]) -> list[ExpectedBucket]:
    return [
        ExpectedBucket(
            bucket=listed(account, each),
            rules=as_sent(each.proved.rules),
            namespace=each.proved.namespace,
            versioning=each.proved.proved_for.versioning,
            object_lock=each.proved.proved_for.object_lock,
            going=each.proved.going,
        )
        for account in accounts
        for each in account.buckets
    ]


def _written(accounts: Iterable[AccountPlan]) -> list[WrittenRules]:
    return [
        WrittenRules(
            listed(account, each),
            as_sent(each.proved.rules),
            each.proved.proved_for.versioning,
            account.state.written.get(each.name),
        )
        for account in accounts
        for each in account.buckets
    ]


def notes_on(verdicts: Sequence[BucketVerdict]) -> Iterator[str]:
    """What S3 does not let us read is no disagreement, but nobody has compared it."""
    compared = sum(len(each.of(DayVerdict.AGREES)) for each in verdicts)
    if compared:
        yield f"S3 tells the day of expiry that the rules mean for {how_many(compared, 'object')}"
    failed: dict[str, list[str]] = defaultdict(list)
    unknown: dict[str, list[str]] = defaultdict(list)
    for each in verdicts:
        if each.failure is not None:
            failed[each.failure.why.in_words].append(each.written.bucket.name)
        elif len(each.of(DayVerdict.UNKNOWN)) == len(each.compared) > 0:
            unknown[each.compared[0].why].append(each.written.bucket.name)
    for why, buckets in failed.items():
        yield f"the day of expiry was not compared on {names(buckets)}: {why}"
    for why, buckets in unknown.items():
        yield f"no object's day was compared on {names(buckets)}: {why}"
    late = [each.written.bucket.name for each in verdicts if each.of(DayVerdict.NOT_YET)]
    if late:
        yield f"S3 still tells the day of the rules before on {names(late)}"


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
