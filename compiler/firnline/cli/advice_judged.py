"""A draft of a policy → its forecast, and which of its moves a check warns about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.forecasting import forecast_of
from firnline.cli.known_buckets import Gathered, Settings
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.position import path_of
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.advice import Accepted, Draft
from firnline.inventory.checks.cold_reads import COLD_READS
from firnline.inventory.checks.move_bill import MOVE_BILL
from firnline.inventory.checks.never_pays_back import NEVER_PAYS_BACK
from firnline.inventory.checks.short_stop import SHORT_STOP
from firnline.inventory.checks.small_object import SMALL_OBJECT
from firnline.inventory.forecast.forecast import Forecast
from firnline.language.checks.stale_lock import is_fresh
from firnline.language.digest import lock_digest
from firnline.language.model import Retention
from firnline.language.syntax import Content
from firnline.pipeline import Compilation, compile_files
from firnline.rules.checks.minimum_duration import MINIMUM_DURATION
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.simulate.batch import Batch
from firnline.targets.advice_policy import as_policy

_ACCEPTED_FOR: Final = timedelta(days=90)
_OF_MOVES: Final = (
    NEVER_PAYS_BACK,
    SMALL_OBJECT,
    SHORT_STOP,
    MOVE_BILL,
    MINIMUM_DURATION,
    COLD_READS,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """`refused` are prefixes and classes of moves that do not pay, and `accepted` what is paid on
    the first run only.
    """

    forecast: Forecast
    refused: tuple[tuple[str, str], ...]
    accepted: tuple[Accepted, ...]


def judged(
    draft: Draft, path: str, files: Mapping[str, Content], gathered: Gathered, settings: Settings
) -> Judged:
    """With the draft at `path` among other files. Raises `CommandFailed`, `NoPrice`."""
    if not draft.is_empty:
        files = {**files, path: as_policy(draft, (), {}).encode()}
    compilation = _compiled(files)
    if compilation.failed:
        first = next(each for each in compilation.diagnostics if has_errors([each]))
        raise CommandFailed(
            "what pays does not fit the policies that are there: with it, "
            f"{first.kind.title}: {visible(first.message)} ({first.kind.code})"
        )
    ((bucket, changed),) = gathered.buckets
    compiled = next(each for each in compilation.buckets if each.bucket.name == bucket.name)
    after = BucketConfig(
        compiled.rules, compiled.bucket.versioning, compiled.bucket.object_lock, compiled.program
    )
    with_rules = changed._replace(after=Batch(compiled.rules, changed.before.bucket))
    whole = replace(gathered, buckets=[(replace(bucket, after=after), with_rules)])
    forecast = forecast_of(whole, settings, compilation.diagnostics)
    refused: list[tuple[str, str]] = []
    accepted: list[Accepted] = []
    for each in forecast.diagnostics:
        if path_of(each.place) != path or each.kind not in _OF_MOVES:
            continue
        for prefix, into in _moves(compilation, each):
            if each.kind is MOVE_BILL or into is None:
                accepted.append(_accepted(prefix, each, settings))
            else:
                refused.append((prefix, into))
    return Judged(forecast, tuple(refused), tuple(accepted))


def _compiled(files: Mapping[str, Content]) -> Compilation:
    """As with a lock that `firnline resolve` has written again: the one that is there matched the
    files before the draft was among them.
    """
    compilation = compile_files(files)
    folder = compilation.folder
    if folder.lock is None or folder.fleet is None or is_fresh(folder):
        return compilation
    told = folder.lock.digest
    text = told.span.source.text.replace(told.value, lock_digest(folder.fleet, folder.policies))
    return compile_files({**files, told.span.path: text.encode()})


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
