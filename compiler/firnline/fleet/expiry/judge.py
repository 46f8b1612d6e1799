"""Does S3 say of some objects of each bucket what our rules say? Reads AWS, writes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from firnline.fleet.accounts import Clients, NoAccess
from firnline.fleet.expiry.candidates import chosen
from firnline.fleet.expiry.expected_day import ExpectedDay
from firnline.fleet.expiry.sampled import USUAL_LIMITS, Limits, list_one, sampled
from firnline.fleet.expiry.told import Told, Untold, ask_day
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
    """In the order of `written`; several buckets at a time. What does not agree is read again, of
    all buckets after each pause, until it does or for as long as `patience` says.
    """
    every = [_Judged(each) for each in written]
    _at_once(lambda each: each.begin(clients, limits), every)
    until, pause = patience.now() + patience.settle, patience.pause
    while (left := [each for each in every if each.left]) and patience.now() + pause <= until:
        patience.sleep(pause)
        _at_once(_Judged.read_again, left)
        pause = min(2 * pause, _LONGEST_PAUSE)
    return tuple(each.verdict for each in every)


def _at_once(work: Callable[[_Judged], None], every: Sequence[_Judged]) -> None:
    for _ in in_threads(work, every):
        pass


@dataclass(slots=True)
class _Judged:
    """`left` are the objects to read again, as what S3 tells of them does not agree; `has_told` is
    whether it told anything of any.
    """

    written: WrittenRules
    client: S3Client | None = None
    left: Sequence[StoredItem] = ()
    compared: dict[str, Compared] = field(default_factory=dict)
    failure: Failure | None = None
    has_told: bool = False
    lists: int = 0
    heads: int = 0

    @property
    def verdict(self) -> BucketVerdict:
        found = tuple(self.compared.values())
        return BucketVerdict(self.written, found, self.failure, self.lists, self.heads)

    def begin(self, clients: Clients, limits: Limits) -> None:
        bucket = self.written.bucket
        with self._failing():
            self.client = clients.s3(access_of(bucket.account, bucket.region))
            listed = sampled(self.client, self.written, limits)
            self.lists = listed.lists
            self._read(self.client, chosen(self.written, listed.items, limits.heads))

    def read_again(self) -> None:
        assert self.client is not None
        with self._failing():
            self._read(self.client, self.left)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except NoAccess as why:
            bucket = self.written.bucket
            self.failure, self.left = Failure(bucket.account, bucket.name, why), ()

    def _read(self, client: S3Client, items: Sequence[StoredItem]) -> None:
        """Raises `NoAccess`, also where S3 refuses to tell of every object."""
        refused: list[NoAccess] = []
        for item in items:
            self.heads += 1
            answer = ask_day(client, self.written, item.key)
            if isinstance(answer, Told):
                self.has_told = True
                self.compared[item.key] = compare(self.written, answer.facts, answer.day)
                continue
            if answer.refused is not None:
                refused.append(answer.refused)
            self._untold(item, answer)
        self.left = [each for each in items if self.compared[each.key].verdict in _AGAIN]
        if refused:
            self.lists += 1
            list_one(client, self.written)
            denied = next((each for each in refused if each.denied), None)
            if denied is not None and not self.has_told:
                raise denied

    def _untold(self, item: StoredItem, answer: Untold) -> None:
        """What S3 told of it before counts."""
        nothing = ExpectedDay(None, None, frozenset({None}))
        unknown = Compared(item, None, nothing, DayVerdict.UNKNOWN, answer.why)
        if answer.refused is None:
            self.compared[item.key] = unknown
        else:
            self.compared.setdefault(item.key, unknown)
