"""Well-shaped nodes → `Policy`, `Fleet`, `Lock`.

What the shape check has left out is simply not there: a required key may be missing here, and then
a stand-in takes its place, so that the rest of the file is still checked. Nothing is compiled then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from enum import Enum
from typing import TypeVar

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.model import (
    Account,
    Buckets,
    Clocks,
    Fleet,
    Leave,
    Lock,
    LockedBucket,
    Markers,
    Move,
    Policy,
    Release,
    Retention,
    Said,
    StorageClass,
    Timeline,
    Versioning,
)
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.shape import bad_duration
from firnline.language.shape_kinds import BAD_DATE
from firnline.language.units import After, Days, NotADuration, parse_after

E = TypeVar("E", bound=Enum)

TIERS = ("warm", "cold", "archive")
DEFAULT_CLASSES = {
    "warm": StorageClass("STANDARD_IA"),
    "cold": StorageClass("GLACIER_IR"),
    "archive": StorageClass("DEEP_ARCHIVE"),
}


class Reader:
    """Reads one file; `found` collects what has the right shape and is wrong all the same.

    `damaged` are the maps from which the shape check took something away.
    """

    def __init__(self, damaged: Collection[Span] = ()) -> None:
        self.found: list[Diagnostic] = []
        self._damaged = damaged

    def policy(self, root: Map) -> Policy:
        classes = DEFAULT_CLASSES | {
            tier: StorageClass(text.value) for tier, text in _texts(root.get("storage_classes"))
        }
        retain = root.get("retain")
        entries = retain.entries if isinstance(retain, Map) else ()
        return Policy(
            name=_said(root, "policy", "unnamed"),
            owner=_said(root, "owner", "").value,
            why=_said(root, "why", "").value,
            review_by=self._date(root.get("review_by")),
            applies_to=tuple(_buckets(entry) for entry in _maps(root.get("applies_to"))),
            versioning=_choice(root.get("versioning"), Versioning),
            retentions=tuple(
                self._retention(name, settings, classes)
                for name, settings in entries
                if isinstance(settings, Map)
            ),
            whole_bucket=self._clocks(root, classes, objects=False),
        )

    def fleet(self, root: Map) -> Fleet:
        accounts, releases = root.get("accounts"), root.get("releases")
        return Fleet(
            namespace=_said(root, "namespace", "unnamed"),
            accounts=tuple(
                Account(
                    label=Said(label.value, label.span),
                    id=_said(settings, "id", ""),
                    regions=tuple(region.value for region in _one_or_many(settings.get("regions"))),
                    role=_said(settings, "role", "") if settings.get("role") else None,
                )
                for label, settings in _entries(accounts)
            ),
            releases=tuple(_releases(releases)),
        )

    def lock(self, root: Map) -> Lock:
        return Lock(
            digest=_said(root, "digest", ""),
            buckets=tuple(
                _locked_bucket(account.value, name, facts)
                for account, buckets in _entries(root.get("accounts"))
                for name, facts in _entries(buckets)
            ),
        )

    def _retention(self, name: Text, settings: Map, classes: dict[str, StorageClass]) -> Retention:
        return Retention(
            name=Said(name.value, name.span),
            prefixes=_one_or_many(settings.get("prefix")),
            listed=isinstance(settings.get("prefix"), List),
            clocks=self._clocks(settings, classes, objects=True),
        )

    def _clocks(self, settings: Map, classes: dict[str, StorageClass], *, objects: bool) -> Clocks:
        old_versions, uploads = settings.get("old_versions"), settings.get("uploads")
        return Clocks(
            objects=self._timeline(settings, classes) if objects else None,
            old_versions=(
                self._timeline(old_versions, classes) if isinstance(old_versions, Map) else None
            ),
            delete_markers=_choice(settings.get("delete_markers"), Markers),
            uploads=self._after(uploads, "abort_after") if isinstance(uploads, Map) else None,
        )

    def _timeline(self, settings: Map, classes: dict[str, StorageClass]) -> Timeline:
        mistakes = len(self.found)
        ages = {tier: self._after(settings, f"{tier}_after") for tier in TIERS}
        delete = self._after(settings, "delete_after")
        return Timeline(
            span=settings.span,
            moves=tuple(
                Move(tier, classes[tier], said.value, said.span)
                for tier, said in ages.items()
                if said and isinstance(said.value, Days)
            ),
            delete=delete,
            whole=settings.span not in self._damaged and len(self.found) == mistakes,
        )

    def _after(self, settings: Map, key: str) -> Said[After] | None:
        text = settings.get(key)
        if not isinstance(text, Text):
            return None
        try:
            return Said(parse_after(text.value), text.span)
        except NotADuration:
            self.found.append(bad_duration(text))
            return None

    def _date(self, text: Node | None) -> Said[date] | None:
        if not isinstance(text, Text):
            return None
        try:
            return Said(date.fromisoformat(text.value), text.span)
        except ValueError:
            self.found.append(BAD_DATE.at(text.span, f"there is no day `{text.value}`"))
            return None


def _said(root: Map, key: str, stand_in: str) -> Said[str]:
    value = root.get(key)
    return Said(value.value, value.span) if isinstance(value, Text) else Said(stand_in, root.span)


def _choice(node: Node | None, choices: Callable[[str], E]) -> Said[E] | None:
    return Said(choices(node.value), node.span) if isinstance(node, Text) else None


def _one_or_many(node: Node | None) -> tuple[Said[str], ...]:
    items = node.items if isinstance(node, List) else (node,)
    return tuple(Said(item.value, item.span) for item in items if isinstance(item, Text))


def _entries(node: Node | None) -> Iterator[tuple[Text, Map]]:
    if isinstance(node, Map):
        yield from ((key, value) for key, value in node.entries if isinstance(value, Map))


def _texts(node: Node | None) -> Iterator[tuple[str, Text]]:
    if isinstance(node, Map):
        yield from ((key.value, text) for key, text in node.entries if isinstance(text, Text))


def _maps(node: Node | None) -> Iterator[Map]:
    if isinstance(node, List):
        yield from (item for item in node.items if isinstance(item, Map))


def _buckets(entry: Map) -> Buckets:
    names = _one_or_many(entry.get("buckets"))
    return Buckets(
        account=_said(entry, "account", ""),
        included=tuple(name for name in names if not name.value.startswith("!")),
        excluded=tuple(
            Said(name.value[1:], name.span) for name in names if name.value.startswith("!")
        ),
    )


def _releases(node: Node | None) -> Iterator[Release]:
    for key, settings in _entries(node):
        leave = _choice(settings.get("leave"), Leave)
        account, _, bucket = key.value.partition("/")
        if leave:
            said = Said(account, key.span), Said(bucket, key.span)
            yield Release(account=said[0], bucket=said[1], leave=leave.value)


def _locked_bucket(account_id: str, name: Text, facts: Map) -> LockedBucket:
    def fact(key: str) -> str:
        return _said(facts, key, "").value

    return LockedBucket(
        account_id=account_id,
        name=Said(name.value, name.span),
        region=fact("region"),
        partition=fact("partition"),
        kind=fact("kind"),
        versioning=Versioning(fact("versioning") or "off"),
        object_lock=fact("object_lock") == "enabled",
        covered=fact("ours") == "policy",
        minimum_size=fact("minimum_size") or None,
        foreign=_one_or_many(facts.get("foreign_rules")),
    )
