"""What is live under one key, and the live rules of its bucket. Reads AWS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from firnline.cli.failed import CommandFailed
from firnline.cli.resolve import NO_BOTO3
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients, can_ask
from firnline.fleet.live import read_live, read_versioning
from firnline.fleet.live_object import READ_OBJECT, READ_VERSIONS, read_details, read_versions
from firnline.fleet.questions import (
    READ_LIFECYCLE,
    READ_VERSIONING,
    Failure,
    ListedBucket,
    ask,
)
from firnline.language.read_files import read_files
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Versioning
from firnline.workspace import read_folder

_MOST_SHOWN = 2
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Found:
    """`items`: the newest; `older` is the number of older ones."""

    rules: RuleSet
    versioning: Versioning
    items: tuple[StoredItem, ...]
    older: int

    def remarks(self, compiled: RuleSet) -> Iterator[str]:
        if not self.rules.rules:
            yield "the bucket has no lifecycle configuration now"
        elif not surely_same(self.rules, compiled):
            yield "the live rules differ from those of the policies; the live ones are shown"


def look_at(folder: str, bucket: str, key: str) -> Found:
    """Raises `CommandFailed`."""
    if not can_ask():
        raise CommandFailed(NO_BOTO3)
    clients, listed = Clients(), _listed(folder, bucket)
    rules = _answer_of(ask(clients, listed, READ_LIFECYCLE, read_live))
    versioning = _answer_of(ask(clients, listed, READ_VERSIONING, read_versioning))
    listing = _answer_of(ask(clients, listed, READ_VERSIONS, partial(_versions, key)))
    if not listing:
        raise CommandFailed(f"there is no `{visible(key)}` in {bucket}, and no version of it")
    items = [
        _answer_of(ask(clients, listed, READ_OBJECT, partial(details, each)))
        for each in listing[:_MOST_SHOWN]
    ]
    return Found(rules or RuleSet(()), versioning, tuple(items), max(len(listing) - _MOST_SHOWN, 0))


def details(item: StoredItem, client: object, bucket: str) -> StoredItem:
    """The item with its tags, locks, replication and tier. Raises `CommandFailed`."""
    try:
        return read_details(client, bucket, item)  # type: ignore[arg-type]  # as above
    except ValueError as problem:  # a status or a tier that S3 did not have when this was written
        key = visible(item.key)
        raise CommandFailed(
            f"what S3 says of `{key}` in {bucket} is not known: {problem}", code=3
        ) from None


def _versions(key: str, client: object, bucket: str) -> list[StoredItem]:
    found = read_versions(client, bucket, key)  # type: ignore[arg-type]  # `ask` knows no type of client
    return sorted(found.items, key=lambda each: (each.current, each.created), reverse=True)


def _answer_of(answer: _T | Failure) -> _T:
    if isinstance(answer, Failure):
        if answer.bucket_is_gone:
            raise CommandFailed(
                f"{answer.bucket} does not exist any more; run `firnline resolve`", code=3
            )
        raise CommandFailed(
            f"{answer.bucket} could not be read: {visible(answer.why.in_words)}", code=3
        )
    return answer


def _listed(folder: str, bucket: str) -> ListedBucket:
    """The bucket of the lock: its account, role and region."""
    read, _ = read_files(read_folder(folder))
    if read.fleet is None or read.lock is None:
        raise CommandFailed(f"{folder} has no fleet file or no lock: run `firnline resolve`")
    accounts = {account.id.value: account for account in read.fleet.accounts}
    for locked in read.lock.buckets:
        if locked.name.value == bucket and locked.account_id in accounts:
            return ListedBucket(accounts[locked.account_id], bucket, locked.region)
    raise CommandFailed(f"the fleet lock has no bucket `{visible(bucket)}`: run `firnline resolve`")
