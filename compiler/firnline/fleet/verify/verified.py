"""What was found out about each bucket of a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.fleet.live import Live
from firnline.fleet.questions import Failure
from firnline.fleet.verify.answer import Settings, rules_of
from firnline.fleet.verify.differences import differences
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.foreign import foreign_changes
from firnline.fleet.verify.kinds import NOT_ROLLED_OUT
from firnline.fleet.verify.replicas import NOT_REPLICATED, Replication
from firnline.fleet.verify.rounds import Settled
from firnline.fleet.verify.series import Standing
from firnline.fleet.verify.settings import settings_changed


class State(Enum):
    """`PENDING`: an earlier revision of the policies is live. `UNREAD`: nothing is known."""

    AGREES = "agrees"
    DRIFTED = "drifted"
    PENDING = "pending"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class VerifiedBucket:
    """`live` is the last answer about its rules, `failure` why there is none, and `unsure` says
    that S3 did not give the same answer often enough. `reads` of its lifecycle were needed, and
    `written` says by whom and when it was written, where that was looked up.
    """

    expected: ExpectedBucket
    state: State
    findings: tuple[Diagnostic, ...] = ()
    live: Live | None = None
    settings: Settings | None = None
    replication: Replication = NOT_REPLICATED
    failure: Failure | None = None
    unsure: bool = False
    reads: int = 0
    written: str | None = None

    @property
    def exists(self) -> bool:
        return self.live is not None and self.live.bucket_exists


def verified(
    expected: ExpectedBucket, settled: Settled, settings: Settings | Failure | None, today: date
) -> VerifiedBucket:
    """`settings` is None where there is no bucket to read them of."""
    if isinstance(settled.answer, Failure):
        return VerifiedBucket(expected, State.UNREAD, failure=settled.answer, reads=settled.reads)
    live = settled.answer
    if settled.standing is Standing.KEEPS_CHANGING:
        return VerifiedBucket(expected, State.UNREAD, live=live, unsure=True, reads=settled.reads)
    found = _findings(live, settled.standing, expected, today)
    if isinstance(settings, Failure):
        state = _state(found) if has_errors(found) else State.UNREAD
        return VerifiedBucket(expected, state, found, live, failure=settings, reads=settled.reads)
    if settings is not None and (changed := settings_changed(settings, expected)):
        found = (*found, changed)
    return VerifiedBucket(expected, _state(found), found, live, settings, reads=settled.reads)


def counts(buckets: Sequence[VerifiedBucket]) -> dict[State, int]:
    return {state: sum(each.state is state for each in buckets) for state in State}


def _findings(
    live: Live, standing: Standing, expected: ExpectedBucket, today: date
) -> tuple[Diagnostic, ...]:
    if standing is Standing.DIFFERS:
        return differences(live, expected, today)
    return tuple(foreign_changes(rules_of(live), expected, without_effect=True))


def _state(found: Sequence[Diagnostic]) -> State:
    if has_errors(found):
        return State.DRIFTED
    pending = any(each.kind is NOT_ROLLED_OUT for each in found)
    return State.PENDING if pending else State.AGREES
