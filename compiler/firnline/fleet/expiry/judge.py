"""Does S3 say of some objects of each bucket what our rules say? Reads AWS, writes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from firnline.fleet.accounts import Clients, NoAccess
from firnline.fleet.expiry.candidates import chosen
from firnline.fleet.expiry.expected_day import ExpectedDay
from firnline.fleet.expiry.sampled import USUAL_LIMITS, Limits, sampled
from firnline.fleet.expiry.told import READ_TAGS, Untold, ask_day
from firnline.fleet.expiry.verdicts import BucketVerdict, Compared, WrittenRules, compare
from firnline.fleet.questions import Failure, access_of
from firnline.fleet.threads import in_threads
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.simulate.stored import StoredItem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LONGEST_PAUSE: Final = 30.0
_AGAIN: Final = (DayVerdict.DISAGREES, DayVerdict.NOT_YET)


@dataclass(frozen=True, slots=True)
class Patience:
    """S3 is eventually consistent: another day than ours counts once it lasted for `settle` seconds
    of reading it again. Pauses begin with `pause` seconds and double.
    """

    settle: float = 180.0
    pause: float = 2.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


USUAL: Final = Patience()


def judge_buckets(
    written: Sequence[WrittenRules],
    clients: Clients,
    limits: Limits = USUAL_LIMITS,
    patience: Patience = USUAL,
) -> tuple[BucketVerdict, ...]:
    """In the order of `written`; several buckets at a time."""
    judge = partial(_judge, clients=clients, limits=limits, patience=patience)
    numbered = list(enumerate(written))
    found = {number: each for (number, _), each in in_threads(lambda n: judge(n[1]), numbered)}
    return tuple(found[number] for number, _ in numbered)


def _judge(
    written: WrittenRules, clients: Clients, limits: Limits, patience: Patience
) -> BucketVerdict:
    bucket = written.bucket
    judged = _Judged(written)
    try:
        client = clients.s3(access_of(bucket.account, bucket.region))
        listed = sampled(client, written, limits)
        judged.lists = listed.lists
        judged.read(client, chosen(written, listed.items, limits.heads), patience)
    except NoAccess as why:
        return judged.verdict(Failure(bucket.account, bucket.name, why))
    return judged.verdict()


@dataclass(slots=True)
class _Judged:
    written: WrittenRules
    lists: int = 0
    heads: int = 0
    reads_tags: bool = True
    compared: dict[str, Compared] = field(default_factory=dict)

    def verdict(self, failure: Failure | None = None) -> BucketVerdict:
        found = tuple(self.compared.values())
        return BucketVerdict(self.written, found, failure, self.lists, self.heads)

    def read(self, client: S3Client, items: Sequence[StoredItem], patience: Patience) -> None:
        """What does not agree is read again until it does, or for as long as `patience` says."""
        until, pause, left = patience.now() + patience.settle, patience.pause, list(items)
        while left:
            for item in left:
                self.compared[item.key] = self._compared(client, item)
            left = [each for each in left if self.compared[each.key].verdict in _AGAIN]
            if not left or patience.now() + pause > until:
                return
            patience.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _compared(self, client: S3Client, item: StoredItem) -> Compared:
        self.heads += 1
        try:
            told = ask_day(client, self.written, item.key, tags=self.reads_tags)
        except NoAccess as why:
            if why.permission != READ_TAGS or not why.denied:
                raise
            self.reads_tags = False
            return self._compared(client, item)
        if isinstance(told, Untold):
            nothing = ExpectedDay(None, None, frozenset({None}))
            return Compared(item, None, nothing, DayVerdict.UNKNOWN, told.why)
        return compare(self.written, told.facts, told.day)
