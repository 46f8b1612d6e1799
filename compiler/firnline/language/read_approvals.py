"""Nodes of a file of approvals → `ApprovalsFile`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.approvals import Approval, ApprovalsFile, Emergency
from firnline.language.checked_values import day_said, size_said
from firnline.language.nodes import Map, Node, Text
from firnline.language.said import Said
from firnline.language.unread import require_all_read
from firnline.language.values import maps_of, one_or_many, said_under


class ApprovalsReader:
    """Reads one file; `found` collects values that have the right shape and are still wrong."""

    def __init__(self, damaged: Collection[Span] = ()) -> None:
        self.found: list[Diagnostic] = []
        self._damaged = damaged

    def approvals(self, root: Map) -> ApprovalsFile:
        """Raises `UnreadKey`."""
        kind = root.get("firnline")
        file = ApprovalsFile(
            kind.span if kind is not None else root.span,
            tuple(self._approvals(root.get("approvals"))),
            tuple(self._emergencies(root.get("emergencies"))),
        )
        require_all_read(root, self._damaged)
        return file

    def _approvals(self, node: Node | None) -> Iterator[Approval]:
        for entry in maps_of(node):
            entry.leave("why")
            until = day_said(entry.get("until"), self.found)
            approval = Approval(
                span=entry.span,
                item=said_under(entry, "item", ""),
                retention=_line(entry, "retention"),
                old=said_under(entry, "from", "").value,
                new=said_under(entry, "to", "").value,
                buckets=_all(entry, "buckets"),
                codes=_all(entry, "codes"),
                deletes_up_to=size_said(entry.get("deletes_up_to"), self.found),
                by=said_under(entry, "by", "").value,
                ticket=_line(entry, "ticket"),
                until=until or Said(date.min, entry.span),
            )
            if until is not None and entry.span not in self._damaged:
                yield approval

    def _emergencies(self, node: Node | None) -> Iterator[Emergency]:
        for entry in maps_of(node):
            until = day_said(entry.get("until"), self.found)
            emergency = Emergency(
                span=entry.span,
                buckets=_all(entry, "buckets"),
                codes=_all(entry, "codes"),
                why=said_under(entry, "why", "").value,
                by=said_under(entry, "by", "").value,
                ticket=_line(entry, "ticket"),
                until=until or Said(date.min, entry.span),
            )
            if until is not None and entry.span not in self._damaged:
                yield emergency


def _line(entry: Map, key: str) -> str | None:
    value = entry.get(key)
    return value.value if isinstance(value, Text) else None


def _all(entry: Map, key: str) -> tuple[str, ...]:
    return tuple(said.value for said in one_or_many(entry.get(key)))
