"""Nodes of a fleet file or of a lock → `Fleet`, `Lock`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from firnline.diagnostics.position import Span
from firnline.language.fleet import Account, Fleet, Leave, Release
from firnline.language.fleet_registries import Registry
from firnline.language.lock import Lock, LockedBucket, Ours
from firnline.language.nodes import Map, Node, Text
from firnline.language.read_account_sources import account_sources_in, wave_in
from firnline.language.said import Said
from firnline.language.unread import require_all_read
from firnline.language.values import choice, entries_of, one_or_many, said_under, tags_in
from firnline.s3.model import MinimumSize
from firnline.s3.terms import BucketType, ObjectLock, Partition, Versioning


def read_fleet(root: Map, damaged: Collection[Span] = ()) -> Fleet:
    """Raises `UnreadKey`."""
    root.leave("firnline")
    accounts, releases = root.get("accounts"), root.get("releases")
    fleet = Fleet(
        namespace=said_under(root, "namespace", "unnamed"),
        accounts=tuple(
            Account(
                label=Said(label.value, label.span),
                id=said_under(settings, "id", ""),
                regions=tuple(region.value for region in one_or_many(settings.get("regions"))),
                role=_said_or_none(settings, "role"),
                wave=wave_in(settings),
                external_id=_said_or_none(settings, "external_id"),
                profile=said_under(settings, "profile", "").value,
            )
            for label, settings in entries_of(accounts)
        ),
        releases=tuple(_releases(releases)),
        registries=_registries(root.get("registries")),
        sources=tuple(account_sources_in(root.get("accounts_from"))),
    )
    require_all_read(root, damaged)
    return fleet


def read_lock(root: Map, damaged: Collection[Span] = ()) -> Lock:
    """Raises `UnreadKey`."""
    root.leave("firnline")
    lock = Lock(
        digest=said_under(root, "digest", ""),
        buckets=tuple(
            _locked_bucket(account.value, name, facts)
            for account, buckets in entries_of(root.get("accounts"))
            for name, facts in entries_of(buckets)
        ),
        accounts=tuple(
            _found_account(id, facts) for id, facts in entries_of(root.get("accounts_from"))
        ),
    )
    require_all_read(root, damaged)
    return lock


def _said_or_none(settings: Map, key: str) -> Said[str] | None:
    return said_under(settings, key, "") if settings.get(key) else None


def _registries(node: Node | None) -> tuple[Registry, ...]:
    if node is None:
        return ()
    from firnline.language.read_registries import registries_in  # few fleets have any

    return tuple(registries_in(node))


def _releases(node: Node | None) -> Iterator[Release]:
    for key, settings in entries_of(node):
        settings.leave("why")
        leave = choice(settings.get("leave"), Leave)
        account, _, bucket = key.value.partition("/")
        if leave:
            said = Said(account, key.span), Said(bucket, key.span)
            yield Release(account=said[0], bucket=said[1], leave=leave.value)


def _found_account(id: Text, facts: Map) -> Account:
    return Account(
        label=said_under(facts, "label", ""),
        id=Said(id.value, id.span),
        regions=tuple(region.value for region in one_or_many(facts.get("regions"))),
        role=_said_or_none(facts, "role"),
        wave=wave_in(facts),
        external_id=_said_or_none(facts, "external_id"),
        source=said_under(facts, "source", "").value,
        name=said_under(facts, "name", "").value,
        profile=said_under(facts, "profile", "").value,
    )


def _locked_bucket(account_id: str, name: Text, facts: Map) -> LockedBucket:
    def fact(key: str, otherwise: str = "") -> str:
        return said_under(facts, key, otherwise).value

    minimum_size = choice(facts.get("minimum_size"), MinimumSize)
    return LockedBucket(
        account_id=account_id,
        name=Said(name.value, name.span),
        region=fact("region"),
        partition=Partition(fact("partition", Partition.AWS)),
        type=BucketType(fact("kind", BucketType.GENERAL_PURPOSE.value)),
        versioning=Versioning(fact("versioning", Versioning.OFF.value)),
        object_lock=fact("object_lock") == ObjectLock.ENABLED,
        covered=fact("ours") == Ours.POLICY,
        minimum_size=minimum_size.value if minimum_size else None,
        foreign=one_or_many(facts.get("foreign_rules")),
        tags=tuple((tag.key.value, tag.values[0].value) for tag in tags_in(facts.get("tags"))),
    )
