"""The content of a file of approvals: which changes the owners of the data have agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from firnline.diagnostics.position import Span
from firnline.language.said import Said
from firnline.s3.terms import Bytes


@dataclass(frozen=True, slots=True)
class Approval:
    """Of one review item: `item` is its digest on these buckets, `old` and `new` are what it does,
    in words for people. Where the first run may not be looked at, it deletes up to `deletes_up_to`.
    """

    span: Span
    item: Said[str]
    retention: str | None
    old: str
    new: str
    buckets: tuple[str, ...]
    codes: tuple[str, ...]
    deletes_up_to: Said[Bytes] | None
    by: str
    ticket: str | None
    until: Said[date]


@dataclass(frozen=True, slots=True)
class Emergency:
    """Whatever has one of the codes on one of the buckets may go until that day."""

    span: Span
    buckets: tuple[str, ...]
    codes: tuple[str, ...]
    why: str
    by: str
    ticket: str | None
    until: Said[date]


@dataclass(frozen=True, slots=True)
class ApprovalsFile:
    """`span` is of its first line."""

    span: Span
    approvals: tuple[Approval, ...]
    emergencies: tuple[Emergency, ...]

    @property
    def path(self) -> str:
        return self.span.path

    @property
    def is_empty(self) -> bool:
        return not self.approvals and not self.emergencies
