"""Nodes of a file of expectations → its cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.expectations import Case, Expected, Fate
from firnline.language.nodes import Map, Node, Text
from firnline.language.said import Said
from firnline.language.shape_values import bad_duration, bad_size
from firnline.language.units import NotADuration, NotASize, parse_duration, parse_size
from firnline.language.unread import require_all_read
from firnline.language.values import (
    entries_of,
    one_or_many,
    pairs_of,
    said_under,
    whole_number,
)
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import StorageClass

T = TypeVar("T")


class ExpectationsReader:
    """Reads one file; `found` collects values that have the right shape and are still wrong."""

    def __init__(self, damaged: Collection[Span] = ()) -> None:
        self.found: list[Diagnostic] = []
        self._damaged = damaged

    def cases(self, root: Map) -> tuple[Case, ...]:
        """Raises `UnreadKey`."""
        root.leave("firnline")
        cases = tuple(self._case(name, case) for name, case in entries_of(root.get("cases")))
        require_all_read(root, self._damaged)
        return cases

    def _case(self, name: Text, settings: Map) -> Case:
        storage_class, newer = settings.get("storage_class"), settings.get("newer_versions")
        return Case(
            span=name.span,
            name=Said(name.value, name.span),
            accounts=one_or_many(settings.get("account")),
            buckets=one_or_many(settings.get("buckets")),
            key=said_under(settings, "key", ""),
            expected=tuple(self._expected(settings.get("expect"))),
            why=said_under(settings, "why", "").value,
            size=self._read(settings.get("size"), parse_size),
            tags=tuple(
                (Said(key.value, key.span), Said(value.value, value.span))
                for key, value in pairs_of(settings.get("tags"))
                if isinstance(value, Text)
            ),
            storage_class=(
                Said(StorageClass(storage_class.value), storage_class.span)
                if isinstance(storage_class, Text)
                else None
            ),
            item=_item(settings.get("item")),
            overwritten_at=self._read(settings.get("overwritten_at"), parse_duration),
            newer_versions=(
                Said(whole_number(newer), newer.span) if isinstance(newer, Text) else None
            ),
        )

    def _expected(self, node: Node | None) -> Iterator[Expected]:
        for key, value in pairs_of(node):
            age = self._read(key, parse_duration)
            if age is None or not isinstance(value, Text):
                continue
            if value.value in tuple(Fate):
                yield Expected(value.span, key.value, age.value, Fate(value.value))
            else:
                in_class = StorageClass(value.value)
                yield Expected(value.span, key.value, age.value, Fate.KEPT, in_class)

    def _read(self, text: Node | None, parse: Callable[[str], T]) -> Said[T] | None:
        if not isinstance(text, Text):
            return None
        try:
            return Said(parse(text.value), text.span)
        except NotADuration:
            self.found.append(bad_duration(text))
        except NotASize:
            self.found.append(bad_size(text))
        return None


def _item(node: Node | None) -> ItemKind:
    if not isinstance(node, Text):
        return ItemKind.OBJECT_VERSION
    return ItemKind(node.value.replace("_", " "))
