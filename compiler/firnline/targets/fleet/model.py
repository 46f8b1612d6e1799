"""What the page of a fleet tells, whoever found it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.coverage.uncovered import Coverage
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning


class Shown(Enum):
    """The state of a bucket in words."""

    AGREES = "as the policies say"
    DRIFTED = "drifted"
    PENDING = "not rolled out yet"
    UNREAD = "not known"


@dataclass(frozen=True, slots=True)
class PageBucket:
    """`rules` are what the policies say."""

    account: str
    account_id: str
    region: str
    name: str
    state: Shown
    versioning: Versioning
    rules: RuleSet

    @property
    def key(self) -> str:
        return f"{self.account}/{self.region}/{self.name}"


@dataclass(frozen=True, slots=True)
class PageAccount:
    """`others` are how many buckets it has that no policy covers; None where that is not known."""

    label: str
    id: str
    others: int | None


@dataclass(frozen=True, slots=True)
class FleetPage:
    """`conclusion` is one sentence, `unread` one line for each gap, and `coverage` what is stored,
    None where nothing tells it.
    """

    namespace: str
    at: datetime
    policies: str
    base: str | None
    conclusion: str
    accounts: Sequence[PageAccount]
    buckets: Sequence[PageBucket]
    findings: Sequence[Diagnostic]
    unread: Sequence[str]
    coverage: Coverage | None = None

    def of_state(self, state: Shown) -> list[PageBucket]:
        return [each for each in self.buckets if each.state is state]
