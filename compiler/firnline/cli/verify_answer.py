"""What `firnline verify` found: the fleet, bucket by bucket, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from firnline.cli.verify_expiry import ToldByInventory
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.repository import Repository
from firnline.fleet.expiry.findings import findings
from firnline.fleet.expiry.verdicts import BucketVerdict
from firnline.fleet.questions import Failure
from firnline.fleet.verify.series import Patience
from firnline.fleet.verify.verified import State, VerifiedBucket
from firnline.inventory.coverage.uncovered import Coverage
from firnline.language.fleet import Account

_GRAVEST: Final = (
    "FL734",
    "FL745",
    "FL743",
    "FL744",
    "FL736",
    "FL735",
    "FL738",
    "FL740",
    "FL737",
    "FL739",
)
_DRIFT, _NO_ACCESS, _SOME_UNREAD, _NOTHING, _ALL_AGREE = 7, 3, 10, 2, 0


@dataclass(frozen=True, slots=True)
class Verification:
    """`folder` are the policies that were compared with, and `base` the earlier revision of them;
    `others` are findings about no bucket of the lock, or by other means. `other_buckets` says of
    each account that was searched how many buckets it has that no policy covers, and `not_listed`
    which could not be; `coverage` is what is stored, where an inventory tells it.
    `expiry` is what S3 tells of objects, where that was wanted, and `inventories` what they tell of
    all; `other_failures` say what could not be read of logs and inventories.
    """

    folder: str
    base: str | None
    at: datetime
    patience: Patience
    accounts: tuple[Account, ...]
    buckets: tuple[VerifiedBucket, ...]
    others: tuple[Diagnostic, ...]
    not_listed: tuple[Failure, ...]
    repository: Repository
    namespace: str
    other_buckets: Mapping[str, int] = field(default_factory=dict)
    coverage: Coverage | None = None
    expiry: tuple[BucketVerdict, ...] | None = None
    inventories: tuple[ToldByInventory, ...] = ()
    other_failures: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The gravest first: a short expiry before all else."""
        every = [each for bucket in self.buckets for each in bucket.findings]
        return tuple(sorted([*every, *self.of_no_bucket], key=_rank))

    @property
    def of_no_bucket(self) -> tuple[Diagnostic, ...]:
        by_s3 = (finding for each in self.expiry or () for finding in findings(each))
        listed = (finding for each in self.inventories for finding in each.findings)
        return (*self.others, *by_s3, *listed)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Each once, though it be of a whole account."""
        unread = [each.failure for each in self.buckets if each.failure]
        shut = {each.account for each in unread if each.bucket is None}
        untold = [each.failure for each in self.expiry or () if each.failure]
        not_listed = [each for each in self.not_listed if each.account not in shut]
        return tuple(dict.fromkeys([*unread, *not_listed, *untold]))

    def of_state(self, state: State) -> Sequence[VerifiedBucket]:
        return [each for each in self.buckets if each.state is state]

    @property
    def exit_code(self) -> int:
        """Drift is told before what could not be read: it is known. An answer that kept changing
        is an answer.
        """
        if has_errors(self.findings):
            return _DRIFT
        if not self.buckets:
            return _NO_ACCESS if self.failures else _NOTHING
        if all(each.state is State.UNREAD and each.failure for each in self.buckets):
            return _NO_ACCESS
        is_gap = self.of_state(State.UNREAD) or self.failures or self.other_failures
        return _SOME_UNREAD if is_gap else _ALL_AGREE


def _rank(finding: Diagnostic) -> tuple[int, str]:
    code = finding.kind.code
    place = _GRAVEST.index(code) if code in _GRAVEST else len(_GRAVEST)
    return place, str(finding.place)
