"""What was forecast for each change of rules, kept in the stack's state.

The resource has no inputs, so that the engine finds it unchanged in every run and keeps its outputs
until this run registers others (pulumi/pkg v3.250, resource/deploy/step.go, `SameStep.Apply`;
step_executor.go, `executeRegisterResourceOutputs`): an `up` that is killed loses none of them. A
preview registers outputs too, but writes no state."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

import pulumi
from pulumi.runtime.rpc import UNKNOWN

from firnline.inventory.money import dollars
from firnline.inventory.savings.entry import Change, Entry
from firnline.inventory.savings.ledger import NotALedger, read_ledger, to_json
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.begun import OF_NO_ROLLOUT, ThisRun, begun_in
from firnline.targets.pulumi_aws.forecasting import Facts, NoForecast, facts_of, forecast
from firnline.targets.pulumi_aws.hooks import Guard
from firnline.targets.pulumi_aws.read_back import ReadBack
from firnline.targets.pulumi_aws.unrecorded import unrecorded

TOKEN: Final = "firnline:s3:Savings"
NAME: Final = "savings"
SETTING: Final = "firnline:inventory"

_SECONDS = 60.0
"""For all forecasts of a run together."""
_AT_A_TIME = 2


class Savings(pulumi.ComponentResource):
    """Its output `ledger` has the entries of earlier runs, as far as they are `earlier`, those of
    what this run has written, once it is read back or that has failed, and those of what an earlier
    run wrote and could not record.
    """

    def __init__(
        self, name: str, read_back: ReadBack, earlier: Earlier, run: ThisRun = OF_NO_ROLLOUT
    ) -> None:
        super().__init__(TOKEN, name, {})
        ledger = _ledger(read_back, earlier, run.rollout)
        self.ledger: pulumi.Output[Any] = pulumi.Output.from_input(ledger)
        outputs: dict[str, Any] = {"ledger": self.ledger}
        if run.name is not None:
            # Where reading back failed, an earlier run may have written what the state lacks.
            ended = self.ledger.apply(lambda _: "" if read_back.failed else run.name)
            outputs["run"] = UNKNOWN if pulumi.runtime.is_dry_run() else ended
        self.register_outputs(outputs)

    @property
    def in_words(self) -> pulumi.Output[Any]:
        """By bucket, what was forecast for the latest change."""
        return self.ledger.apply(_in_words)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier runs have left. A ledger that another version wrote is kept as it is, and no
    entry is added. `begun` are the rollouts of runs that ended before they recorded their changes,
    "" for one outside of any.
    """

    entries: tuple[Entry, ...] = ()
    unreadable: Any = None
    why: str = ""
    begun: tuple[str, ...] = ()


def earlier_in(state: Mapping[str, Any], name: str | None = None) -> Earlier:
    """`state` holds the outputs of each resource, by URN; `name` is that of one, instead of all."""
    found: list[Entry] = []
    begun = begun_in(state, run_in(state)).rollouts
    for urn, resource in state.items():
        _, _, type, called = urn.split("::", 3)
        if type != TOKEN or name not in (None, called):
            continue
        if ledger := resource["outputs"].get("ledger"):
            try:
                found += read_ledger(_whole(ledger))
            except NotALedger as problem:
                return Earlier(unreadable=ledger, why=str(problem), begun=begun)
    return Earlier(tuple(found), begun=begun)


def run_in(state: Mapping[str, Any]) -> str | None:
    """Which run the ledger of a fleet's program is of."""
    found = (each for urn, each in state.items() if urn.split("::")[2:] == [TOKEN, NAME])
    return next((each["outputs"].get("run") for each in found), None)


def _whole(value: Any) -> Any:
    """Pulumi hands on all numbers as floats."""
    if isinstance(value, Mapping):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


async def _ledger(read_back: ReadBack, earlier: Earlier, rollout: str | None = None) -> Any:
    guards = await read_back.ended()
    if earlier.unreadable is not None:
        pulumi.log.info(
            f"what changes save is not recorded, as the ledger cannot be read: {earlier.why}"
        )
        return earlier.unreadable
    now = datetime.now(UTC).replace(microsecond=0)
    late = [_late(guard, now, earlier) for guard in guards]
    entries = list(filter(None, late))
    if pulumi.runtime.is_dry_run():
        # Unknown, so that `pulumi up --plan` accepts what comes of it (plan.go, `checkOutputs`).
        adds = bool(entries) or any(guard.writes for guard in guards)
        return UNKNOWN if adds else to_json(earlier.entries)
    known = (*earlier.entries, *entries)
    changes = [each for guard in guards if (each := _change(guard, now, known))]
    try:
        written = await _forecast(changes)
    except Exception as problem:  # noqa: BLE001  # the rules are deployed, and that must not fail
        written = [Entry(x, missing=f"{type(problem).__name__}: {problem}") for x in changes]
    entries += (replace(each, rollout=rollout) for each in written)
    _tell(entries)
    return to_json([*earlier.entries, *entries])


def _change(guard: Guard, now: datetime, earlier: Iterable[Entry]) -> Change | None:
    """None where the rules do what others have done before."""
    write = guard.written
    if write is None:
        return None
    before = guard.shared.accepted(write.bucket).rules or RuleSet(())
    after = as_sent(write.rules)
    if surely_same(before, after):
        return None
    access, versioning = guard.look.access, guard.proved.proved_for.versioning
    owner = access.account_id
    at = _later(now, (each.change for each in earlier), owner, write.bucket)
    return Change(write.bucket, owner, access.region, versioning, at, before, after)


def _late(guard: Guard, now: datetime, earlier: Earlier) -> Entry | None:
    """What an earlier run changed and did not record."""
    found = unrecorded(guard, earlier.entries, now, earlier.begun)
    if found is None:
        return None
    change = found.change
    at = _later(now, (each.change for each in earlier.entries), change.account, change.bucket)
    return replace(found, change=replace(change, at=at))


_SECOND: Final = timedelta(seconds=1)
"""The ledger has whole ones."""


def _later(now: datetime, earlier: Iterable[Change], account: str, bucket: str) -> datetime:
    """Now, or else after the bucket's last change: the ledger keeps one of each moment, and that
    may be later than now (`_after`).
    """
    moments = (each.at for each in earlier if (each.account, each.bucket) == (account, bucket))
    last = max(moments, default=None)
    return now if last is None else max(now, last + _SECOND)


async def _forecast(changes: Sequence[Change]) -> list[Entry]:
    if not changes:
        return []
    pattern = pulumi.Config("firnline").get("inventory")
    if not pattern:
        why = f"no inventory is named: `{SETTING}` in Pulumi.{pulumi.get_stack()}.yaml does it"
        return [Entry(each, missing=why) for each in changes]
    deadline, loop = time.monotonic() + _SECONDS, asyncio.get_running_loop()
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        running = [
            loop.run_in_executor(threads, _entry, change, pattern, deadline) for change in changes
        ]
        return list(await asyncio.gather(*running))


def _entry(change: Change, pattern: str, deadline: float) -> Entry:
    facts = None
    try:
        facts = facts_of(change, pattern)
        change = _after(change, facts)
        found = forecast(change, facts, deadline - time.monotonic())
        return Entry(change, facts.path, facts.made, found)
    except NoForecast as why:
        return _missing(change, facts, str(why))
    except Exception as problem:  # noqa: BLE001  # a mistake here is no failure of the deployment
        return _missing(change, facts, f"{type(problem).__name__}: {problem}")


def _after(change: Change, facts: Facts) -> Change:
    """What was listed before a change cannot be newer than it: where it seems so, the clock here is
    behind that of S3 (that of the sandbox is advanced).
    """
    made = facts.made
    if made is None or made <= change.at:
        return change
    second = made.replace(microsecond=0)
    return replace(change, at=second if second == made else second + _SECOND)


def _missing(change: Change, facts: Facts | None, why: str) -> Entry:
    path, made = (None, None) if facts is None else facts
    return Entry(change, path, made, missing=why)


def _tell(entries: Iterable[Entry]) -> None:
    reasons: dict[str, list[str]] = {}
    for entry in entries:
        if entry.missing:
            reasons.setdefault(entry.missing, []).append(entry.change.bucket)
    for why, buckets in reasons.items():
        pulumi.log.info(f"what this saves on {', '.join(buckets)} is not recorded: {why}")


def _in_words(ledger: Any) -> Any:
    if ledger == UNKNOWN:
        return UNKNOWN
    try:
        entries = read_ledger(ledger)
    except NotALedger as problem:
        return str(problem)
    return {entry.change.bucket: _saves(entry) for entry in entries}


def _saves(entry: Entry) -> str:
    when = f"{entry.change.at:%Y-%m-%d %H:%M}Z"
    if entry.forecast is None:
        return f"{when}: not forecast, {entry.missing}"
    first, last = (dollars(Fraction(entry.forecast.saved(month))) for month in (0, -1))
    months = len(entry.forecast.after.usd)
    return f"{when}: forecast to save {first} in month 1, {last} in month {months}"
