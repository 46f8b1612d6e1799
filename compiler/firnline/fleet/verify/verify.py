"""Do these buckets answer what is expected of them? Reads AWS."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from firnline.fleet.accounts import Clients
from firnline.fleet.live import (
    Live,
    read_answer,
    read_live,
    read_object_lock,
    read_replication,
    read_versioning,
)
from firnline.fleet.look import unreachable
from firnline.fleet.questions import (
    READ_LIFECYCLE,
    READ_OBJECT_LOCK,
    READ_REPLICATION,
    READ_VERSIONING,
    Failure,
    ListedBucket,
    ask,
)
from firnline.fleet.threads import in_threads
from firnline.fleet.verify.answer import Settings
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.replicas import (
    NOT_REPLICATED,
    Destination,
    Replication,
    destinations,
    has_lifecycle,
    without_lifecycle,
)
from firnline.fleet.verify.rounds import Read, Settled, read_in_rounds
from firnline.fleet.verify.series import USUAL, Patience, Standing
from firnline.fleet.verify.settings import expected_settings
from firnline.fleet.verify.verified import VerifiedBucket, verified
from firnline.language.fleet import Account
from firnline.s3.terms import Versioning

Report = Callable[[Account, int, int], None]
"""Called for each account: how many of how many buckets are known."""


def verify_buckets(
    expected: Sequence[ExpectedBucket],
    clients: Clients,
    patience: Patience = USUAL,
    report: Report = lambda *_: None,
    today: date | None = None,
    places: Mapping[str, ListedBucket] | None = None,
) -> tuple[VerifiedBucket, ...]:
    """In the same order; one failure for a whole account. Blocks until each bucket is known, at
    most about `patience.longest` seconds. `report` is called in the caller's thread. `places` says
    by its name where a bucket of the fleet is, which may be a destination of replication.
    """
    shut = unreachable(clients, [each.bucket for each in expected])
    reachable = [each for each in expected if each.bucket.account not in shut]
    count = _Count(report, reachable)
    settled = read_in_rounds(
        reachable, partial(_read_all, clients), patience, time.monotonic, time.sleep, count.add
    )
    there = [each for each in reachable if _exists(settled[each.bucket.key])]
    settings = {each.bucket.key: found for each, found in in_threads(_settings(clients), there)}
    day = today or datetime.now(UTC).date()
    failed = {
        each.bucket.key: Settled(shut[each.bucket.account], Standing.OPEN, 0)
        for each in expected
        if each.bucket.account in shut
    }
    ends = {**settled, **failed}
    found = [
        verified(each, ends[each.bucket.key], settings.get(each.bucket.key), day)
        for each in expected
    ]
    return tuple(_with_replicas(found, clients, places or {}))


class _Count:
    def __init__(self, report: Report, buckets: Iterable[ExpectedBucket]) -> None:
        self._report = report
        self._total = Counter(each.bucket.account.id.value for each in buckets)
        self._done: Counter[str] = Counter()

    def add(self, expected: ExpectedBucket) -> None:
        account = expected.bucket.account
        self._done[account.id.value] += 1
        self._report(account, self._done[account.id.value], self._total[account.id.value])


def _read_all(
    clients: Clients, buckets: Sequence[ExpectedBucket]
) -> Iterator[tuple[ExpectedBucket, Read]]:
    def read(each: ExpectedBucket) -> Read:
        asked = time.monotonic()
        answer = ask(clients, each.bucket, READ_LIFECYCLE, read_answer)
        return Read(answer, asked, time.monotonic())

    return in_threads(read, buckets)


def _exists(settled: Settled) -> bool:
    return isinstance(settled.answer, Live) and settled.answer.bucket_exists


def _settings(clients: Clients) -> Callable[[ExpectedBucket], Settings | Failure]:
    """A difference counts where a second answer has it too."""

    def read(each: ExpectedBucket) -> Settings | Failure:
        found = _settings_of(clients, each.bucket)
        if found == expected_settings(each):
            return found
        return _settings_of(clients, each.bucket)

    return read


def _settings_of(clients: Clients, bucket: ListedBucket) -> Settings | Failure:
    versioning = ask(clients, bucket, READ_VERSIONING, read_versioning)
    if isinstance(versioning, Failure):
        return versioning
    # Object Lock needs versioning (S3 User Guide, "Locking objects with Object Lock").
    if versioning is Versioning.OFF:
        return Settings(versioning)
    lock = ask(clients, bucket, READ_OBJECT_LOCK, read_object_lock)
    return lock if isinstance(lock, Failure) else Settings(versioning, lock)


def _with_replicas(
    found: Sequence[VerifiedBucket], clients: Clients, places: Mapping[str, ListedBucket]
) -> Iterator[VerifiedBucket]:
    """A destination that cannot be read is no finding: it may be of another company."""
    there = [each for each in found if each.exists]
    read = {
        each.expected.bucket.key: answer
        for each, answer in in_threads(partial(_replication, clients), there)
    }
    known = {
        each.expected.bucket.name: has_lifecycle(each.live.rules)
        for each in there
        if each.live is not None
    }
    fleet = (each.account for each in (*places.values(), *(one.expected.bucket for one in there)))
    accounts = {each.id.value: each for each in fleet}
    asked = {
        each.bucket: _at(each, bucket.expected.bucket, places, accounts)
        for bucket in there
        for each in read[bucket.expected.bucket.key].destinations
        if each.bucket not in known
    }
    for bucket, has in in_threads(partial(_has_lifecycle, clients), list(asked.values())):
        if not isinstance(has, Failure):
            known[bucket.name] = has
    for each in found:
        replication = read.get(each.expected.bucket.key, NOT_REPLICATED)
        names = dict.fromkeys(one.bucket for one in replication.destinations)
        replication = replace(replication, unknown=tuple(n for n in names if n not in known))
        lacking = tuple(without_lifecycle(each.expected, replication, known))
        yield replace(each, replication=replication, findings=(*each.findings, *lacking))


def _replication(clients: Clients, each: VerifiedBucket) -> Replication:
    found = ask(clients, each.expected.bucket, READ_REPLICATION, read_replication)
    if isinstance(found, Failure):
        return Replication(unread=found.why.permission)
    return Replication(destinations(found))


def _at(
    destination: Destination,
    source: ListedBucket,
    places: Mapping[str, ListedBucket],
    accounts: Mapping[str, Account],
) -> ListedBucket:
    """With the role of its own account, where that is one of the fleet, else of the source."""
    place = places.get(destination.bucket)
    if place and destination.account_id in (None, place.account.id.value):
        return place
    account = accounts.get(destination.account_id or "", source.account)
    return ListedBucket(account, destination.bucket, source.region)


def _has_lifecycle(clients: Clients, bucket: ListedBucket) -> bool | Failure:
    rules = ask(clients, bucket, READ_LIFECYCLE, read_live)
    return rules if isinstance(rules, Failure) else has_lifecycle(rules)
