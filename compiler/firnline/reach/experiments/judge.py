"""Runs of a registry, and what policies say of them → which artifacts are needed, and which not.

A run in several experiments is kept if any of them keeps it; an experiment about which no policy
says anything keeps all that finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias, assert_never

from firnline.language.run_retentions import Checkpoints, CheckpointsOf
from firnline.reach.experiments.about import About
from firnline.reach.experiments.last_read import why_read
from firnline.reach.experiments.model import Run, RunStatus, run_in_words
from firnline.reach.experiments.reads import Reads
from firnline.reach.experiments.remarks import NAMED, Remark, RemarkKind, called
from firnline.reach.experiments.settings import RunSettings, different
from firnline.reach.references import CheckpointRule, OrphanReason, Reference, Strength, Unneeded

Judged: TypeAlias = Reference | Unneeded | CheckpointRule | Remark

LEAST_OF_RUNNING: Final = 2
"""Checkpoints that a running run keeps: the newest may be half written."""


def judge(
    runs: Iterable[Run], settings: RunSettings, now: datetime, reads: Reads | None = None
) -> Iterator[Judged]:
    """Runs that `keep_best` compares with others come after all were read, remarks last. `now` has
    a time zone, as all moments of runs do.
    """
    judging = Judging(settings, now, reads)
    for run in runs:
        yield from judging.at_once(run)
    yield from judging.at_last()


_IN_GRACE: Final = "within its grace"


class Judging:
    """`judge`, one run after the other: `at_once` for each, then `at_last`."""

    def __init__(self, settings: RunSettings, now: datetime, reads: Reads | None = None) -> None:
        self._about = About(settings.retentions, now)
        self._grace, self._now, self._reads = settings.grace, now, reads
        self._waiting: list[Run] = []
        self._said: dict[RemarkKind, list[str]] = {}

    def at_once(self, run: Run) -> Iterator[Judged]:
        """Nothing yet for a run that has to be compared with others."""
        if run.is_deleted:
            yield from self._deleted(run)
            return
        match run.status:
            case RunStatus.RUNNING:
                yield from self._running(run)
            case RunStatus.FAILED:
                yield from self._ended(run, OrphanReason.RUN_FAILED, "failed")
            case RunStatus.STOPPED:
                yield from self._ended(run, OrphanReason.RUN_KILLED, "stopped")
            case RunStatus.FINISHED:
                yield from self._finished(run)
            case _:
                assert_never(run.status)

    def settled(self, found: Unneeded) -> Reference | Unneeded:
        """What a registry itself says is no longer needed, such as a deleted model: soft within the
        grace. Where it does not say since when, nothing is known of a grace.
        """
        if found.since is None or self._now - found.since >= self._grace:
            return found
        return Reference(
            found.location,
            Strength.SOFT,
            (*found.because, _IN_GRACE),
            found.owner,
            found.experiment,
        )

    def at_last(self) -> Iterator[Judged]:
        """What was compared, and remarks."""
        self._about.close_rankings()
        for run in self._waiting:
            if best := self._about.why_best(run):
                yield from self._live(run, best)
            else:
                yield from self._ended(run, OrphanReason.RUN_NOT_KEPT, _NOT_KEPT)

        yield from self._about.remarks()
        for kind, names in self._said.items():
            yield Remark(kind, len(names), tuple(sorted(names)[:NAMED]))

    def _deleted(self, run: Run) -> Iterator[Judged]:
        if read := self._why_read(run):
            yield from _references(run, Strength.SOFT, read)
            return
        if run.deleted is None:
            self._say(RemarkKind.DELETION_UNDATED, run)
        yield from self._unneeded(run, OrphanReason.RUN_DELETED, "deleted", run.deleted)

    def _running(self, run: Run) -> Iterator[Judged]:
        patience = self._about.abandoned_after(run)
        if patience is not None and run.last_news is None:
            self._say(RemarkKind.NEWS_UNDATED, run)
        if patience is None or run.last_news is None or self._now - run.last_news <= patience:
            yield from self._live(run, "running")
        elif kept := self._about.why_young(run) or self._why_read(run):
            yield from self._live(run, kept)
        else:
            because = f"running, without news for {(self._now - run.last_news).days} days"
            yield from _orphans(run, OrphanReason.RUN_ABANDONED, because, run.last_news)

    def _finished(self, run: Run) -> Iterator[Judged]:
        is_ranked = self._about.rank(run)
        if self._about.keeps_all(run):
            yield from self._live(run, "active run")
        elif is_ranked and not self._about.why_young(run):
            # Of what else the tracker says of it, nothing is used any more.
            self._waiting.append(
                replace(run, parameters=(), tags=(), metrics=self._about.ranked_by(run))
            )
        else:
            yield from self._ended(run, OrphanReason.RUN_NOT_KEPT, _NOT_KEPT)

    def _ended(self, run: Run, reason: OrphanReason, because: str) -> Iterator[Judged]:
        if kept := self._about.why_young(run) or self._why_read(run):
            yield from self._live(run, kept)
            return
        ended = max(filter(None, (run.ended, run.last_news)), default=None)
        if ended is None:
            self._say(RemarkKind.END_UNDATED, run)
        yield from self._unneeded(run, reason, because, ended)

    def _why_read(self, run: Run) -> str | None:
        within = self._about.read_within(run)
        kept = within and why_read(run, within, self._reads, self._now)
        if kept and kept.doubt:
            self._say(kept.doubt, run)
        return kept.because if kept else None

    def _unneeded(
        self, run: Run, reason: OrphanReason, because: str, since: datetime | None
    ) -> Iterator[Judged]:
        """Soft within the grace, and for ever where nobody knows when it began."""
        if since is None or self._now - since < self._grace:
            yield from _references(run, Strength.SOFT, because)
        else:
            yield from _orphans(run, reason, because, since)

    def _live(self, run: Run, because: str) -> Iterator[Judged]:
        yield from _references(run, Strength.LIVE, because)
        said = self._about.checkpoints(run)
        if len(different(said)) > 1:
            self._say(RemarkKind.CHECKPOINTS_DIFFER, run)
        elif said:
            yield from _checkpoints(run, said[0])

    def _say(self, kind: RemarkKind, run: Run) -> None:
        self._said.setdefault(kind, []).append(called(run))


_NOT_KEPT: Final = "finished, and no `runs` section keeps it"


def _checkpoints(run: Run, said: Checkpoints) -> Iterator[CheckpointRule]:
    of_status = _of(run.status) in said.of
    if not of_status and CheckpointsOf.REGISTERED not in said.of:
        return
    is_running = run.status is RunStatus.RUNNING
    newest = max(said.keep_newest, LEAST_OF_RUNNING) if is_running else said.keep_newest
    for root in run.roots:
        yield CheckpointRule(
            location=root,
            match=tuple(each.value for each in said.match),
            keep_newest=newest,
            registered_only=not of_status,
            because=(run_in_words(run.name, run.id), f"not among the newest {newest} checkpoints"),
            owner=run.owner,
            experiment=next(iter(run.experiments), None),
        )


def _of(status: RunStatus) -> CheckpointsOf | None:
    match status:
        case RunStatus.FINISHED:
            return CheckpointsOf.FINISHED
        case RunStatus.RUNNING:
            return CheckpointsOf.RUNNING
        case RunStatus.FAILED | RunStatus.STOPPED:
            return None
        case _:
            assert_never(status)


def _references(run: Run, strength: Strength, because: str) -> Iterator[Reference]:
    """What it read and wrote elsewhere is needed with it."""
    elsewhere = (place for each in (*run.inputs, *run.outputs) for place in each.locations)
    for location in dict.fromkeys((*run.roots, *run.readings, *elsewhere)):
        yield Reference(
            location,
            strength,
            (run_in_words(run.name, run.id), because),
            run.owner,
            next(iter(run.experiments), None),
        )


def _orphans(
    run: Run, reason: OrphanReason, because: str, since: datetime | None
) -> Iterator[Unneeded]:
    """Its own artifacts alone: what it read may be anybody's, as may what else is in a bucket."""
    for location in (each for each in run.roots if each.key):
        yield Unneeded(
            location,
            reason,
            (run_in_words(run.name, run.id), because),
            since,
            run.owner,
            next(iter(run.experiments), None),
        )
