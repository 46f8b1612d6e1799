"""Which buckets do the accounts have, and with which tags, as far as policies decide by them? Reads
AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from firnline.fleet.accounts import Clients
from firnline.fleet.live import read_tags
from firnline.fleet.questions import READ_TAGS, Failure, ListedBucket, ask
from firnline.fleet.scan import list_buckets
from firnline.fleet.threads import in_threads
from firnline.fleet.verify.unlisted import Tagged, decided_by_tags, tag_keys
from firnline.language.fleet import Account
from firnline.language.model import Folder


def search(
    clients: Clients, accounts: Sequence[Account], folder: Folder
) -> tuple[tuple[Tagged, ...], tuple[Failure, ...]]:
    """All buckets of the accounts, and what could not be read."""
    answers = [answer for _, answer in in_threads(partial(list_buckets, clients), accounts)]
    failures = [each for each in answers if isinstance(each, Failure)]
    listed = [bucket for each in answers if not isinstance(each, Failure) for bucket in each]
    asked = decided_by_tags(listed, folder)
    keys = tag_keys(folder)

    def read(bucket: ListedBucket) -> Tagged | Failure:
        tags = ask(clients, bucket, READ_TAGS, partial(read_tags, keys=keys))
        return tags if isinstance(tags, Failure) else Tagged(bucket, tags)

    tagged = [answer for _, answer in in_threads(read, asked)]
    failures += [each for each in tagged if isinstance(each, Failure) and not each.bucket_is_gone]
    found = [each for each in tagged if not isinstance(each, Failure)]
    others = set(listed) - set(asked)
    return (*found, *(Tagged(each) for each in others)), tuple(failures)


def places(folder: Folder, listed: Iterable[ListedBucket]) -> Mapping[str, ListedBucket]:
    """By name, where each bucket of the fleet is: as the accounts tell, or else the lock."""
    locked = [
        ListedBucket(account, each.name.value, each.region)
        for each in (folder.lock.buckets if folder.lock else ())
        if folder.fleet is not None
        and (account := folder.fleet.account_with(each.account_id)) is not None
    ]
    return {each.name: each for each in (*locked, *listed)}
