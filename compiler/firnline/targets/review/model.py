"""What a reviewer of a change is told: what is different, for how much of what is stored, and what
that costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firnline.diagnostics.kinds import Diagnostic, Severity, Waived
from firnline.diagnostics.repository import Repository
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.price_list import NoPrice
from firnline.inventory.radius.radius import Radius
from firnline.inventory.radius.seen import Seen
from firnline.language.fingerprint import sha256_of
from firnline.reach.doomed.doomed import Doomed
from firnline.rules.at_risk.by_keys import ByKeys
from firnline.rules.diff.base_commit import BaseCommit
from firnline.rules.diff.items import Comparison
from firnline.rules.gates.gate import GatedItem


@dataclass(frozen=True, slots=True)
class Facts:
    """What follows from what is stored, for so many months; `stands_on` are lines that say what
    that is known from, and what was assumed. Of a region without prices no cost is known, but why.
    `seen` are, item by item, of the objects that the first run deletes. `by_tag` is the tag by
    whose values the radius tells what that deletes, if it does. `layouts` are those of readers
    that are stored, and what the policies before and after the change do to them.
    """

    radius: Radius
    months: int
    stands_on: tuple[str, ...]
    cost: Forecast | NoPrice
    seen: tuple[Seen | None, ...]
    by_tag: str | None = None
    layouts: tuple[ByKeys, ByKeys] = (ByKeys(), ByKeys())


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was reviewed: `project` is the folder of its policies, as seen from the top of the
    repository, and `head` the commit, where it is in one. `owners` are those who approve, by
    CODEOWNERS at the base; `brings_approvals` where there are some that the base does not have.
    """

    project: str
    head: str | None = None
    owners: tuple[str, ...] = ()
    brings_approvals: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be said of the second snapshot and of its approvals, besides `Review.gates`: `new`
    was not to be said of the first one, `known` was. `waived` is what the policies accept for a
    while, where the first ones did not.
    """

    new: tuple[Diagnostic, ...] = ()
    known: tuple[Diagnostic, ...] = ()
    waived: tuple[Waived, ...] = ()


@dataclass(frozen=True, slots=True)
class DoomedByChange:
    """References that rules delete, or archive where they cannot be read, by a `file` that was
    `made` then: those that the change `added` and `removed`, and those that were before and still
    are. With `doubts` the file may not be relied on.
    """

    file: str
    made: datetime
    doubts: tuple[Diagnostic, ...]
    added: tuple[Doomed, ...]
    removed: tuple[Doomed, ...]
    standing: tuple[Doomed, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.doubts) or any(each.is_firm for each in self.added)


@dataclass(frozen=True, slots=True)
class Review:
    """What changes between two snapshots, which have these names; without `facts` nobody said what
    is stored. `base` is the first snapshot, where nobody named it. `gates` are what needs an
    approval. `reviewed` where a report says what it is about, and `repository` where a report names
    files as the repository has them. `options` are those of the command that say what is stored or
    needed. `doomed` where somebody said what is needed.
    """

    one: str
    other: str
    found: Comparison
    facts: Facts | None = None
    base: BaseCommit | None = None
    gates: tuple[GatedItem, ...] = ()
    reviewed: Reviewed | None = None
    findings: Findings = Findings()
    repository: Repository | None = None
    options: tuple[str, ...] = ()
    doomed: DoomedByChange | None = None

    @property
    def open_codes(self) -> tuple[str, ...]:
        """Of the gates that wait for an approval, because of what changes or of what the policies
        newly say.
        """
        codes = {code for item in self.gates for code in set(item.codes) - item.approved}
        codes |= {each.kind.code for each in self._standing if each.severity is Severity.GATE}
        return tuple(sorted(codes))

    @property
    def is_refused(self) -> bool:
        """Whether the project takes a gate for an error, which no approval opens."""
        is_standing = any(each.severity is Severity.ERROR for each in self._standing)
        return is_standing or any(item.is_refused for item in self.gates)

    @property
    def _standing(self) -> tuple[Diagnostic, ...]:
        """The gates of the policies as they are, whatever changed."""
        return tuple(x for x in self.findings.new if x.kind.severity is Severity.GATE)

    @property
    def digest(self) -> str:
        """Of all that changes for objects, whatever files, names and inventories say of it."""
        return f"sha256:{sha256_of(' '.join(sorted(item.digest for item in self.found.items)))}"
