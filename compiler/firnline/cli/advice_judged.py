"""A draft of a policy → its forecast, and which of its moves a check warns about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from firnline.cli.forecasting import forecast_of
from firnline.cli.known_buckets import Gathered, Settings
from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.advice.advice import Accepted, Draft
from firnline.inventory.checks.move_bill import MOVE_BILL
from firnline.inventory.forecast.forecast import Forecast
from firnline.language.model import Retention
from firnline.pipeline import Compilation, compile_files
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.simulate.batch import Batch
from firnline.targets.advice_policy import as_policy

_PATH: Final = "advice.yaml"
_ACCEPTED_FOR: Final = timedelta(days=90)
_OF_INVENTORIES: Final = "FL5"


@dataclass(frozen=True, slots=True)
class Judged:
    """`refused` are prefixes and classes of moves that do not pay, and `accepted` what is paid on
    the first run only.
    """

    forecast: Forecast
    refused: tuple[tuple[str, str], ...]
    accepted: tuple[Accepted, ...]


def judged(draft: Draft, gathered: Gathered, settings: Settings) -> Judged:
    """Raises `NoPrice`."""
    compilation = compile_files({_PATH: as_policy(draft, (), {}).encode()})
    assert not compilation.failed, compilation.diagnostics
    (compiled,) = compilation.buckets
    ((bucket, changed),) = gathered.buckets
    after = BucketConfig(
        compiled.rules, compiled.bucket.versioning, compiled.bucket.object_lock, compiled.program
    )
    with_rules = changed._replace(after=Batch(compiled.rules, changed.before.bucket))
    whole = replace(gathered, buckets=[(replace(bucket, after=after), with_rules)])
    forecast = forecast_of(whole, settings, compilation.diagnostics)
    refused: list[tuple[str, str]] = []
    accepted: list[Accepted] = []
    for each in forecast.diagnostics:
        if not each.kind.code.startswith(_OF_INVENTORIES):
            continue
        for prefix, into in _moves(compilation, each):
            if each.kind is MOVE_BILL or into is None:
                accepted.append(_accepted(prefix, each, settings))
            else:
                refused.append((prefix, into))
    return Judged(forecast, tuple(refused), tuple(accepted))


def _moves(compilation: Compilation, found: Diagnostic) -> Iterator[tuple[str, str | None]]:
    """Where it points at, and the class that is moved into; of a deletion the last one."""
    for policy in compilation.folder.policies:
        for retention in policy.retentions:
            yield from _moves_of(retention, found)


def _moves_of(retention: Retention, found: Diagnostic) -> Iterator[tuple[str, str | None]]:
    line, prefix = retention.clocks.objects, retention.prefixes[0].value
    if line is None:
        return
    for move in line.moves:
        if found.place == move.span:
            yield prefix, move.storage_class
    if line.delete is not None and found.place in (line.delete.span, line.span):
        yield prefix, line.moves[-1].storage_class if line.moves else None


def _accepted(prefix: str, found: Diagnostic, settings: Settings) -> Accepted:
    until = (settings.as_of + _ACCEPTED_FOR).date().isoformat()
    why = f"{found.message}; {'; '.join(found.notes)}" if found.notes else found.message
    return Accepted(found.kind.code, prefix, why.replace("`", ""), until)
