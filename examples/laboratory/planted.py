"""What was planted in the laboratory: every object that is an orphan, and why.

The reasons are those of `firnline gc audit` (docs/references.md). They hold for the policy in
`policies/lab.yaml`. Whatever is named here by no line is needed, too young, or unclassified: also
the whole run behind a registered model, although somebody deleted the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlflow.entities import Run

from examples.artifacts import ArtifactBucket
from examples.churn_year import ChurnYear
from examples.image_classification import FAILED_JOB, JOBS, STOPPED_JOB

KEPT_OF_THE_SWEEP = 5
"""`keep_best: {count: 5}` in policies/lab.yaml."""


@dataclass(frozen=True, slots=True)
class Orphans:
    """Every object below `folder`, which is a URI, or that object."""

    folder: str
    reason: str

    def has(self, uri: str) -> bool:
        return f"{uri}/".startswith(f"{self.folder}/")


def orphans_by_key(
    bucket: ArtifactBucket, sweep: list[Run], churn: ChurnYear
) -> dict[str, dict[str, str | int]]:
    """Of each orphan its reason and its bytes."""
    planted = [
        *_of_sweep(sweep),
        *_of_churn(churn),
        *_of_jobs(bucket),
        *_of_own_registries(bucket),
    ]
    found: dict[str, dict[str, str | int]] = {}
    for artifact in bucket.artifacts:
        uri = bucket.uri(artifact.key)
        for each in planted:
            if each.has(uri):
                found[artifact.key] = {"reason": each.reason, "bytes": artifact.bytes}
    return found


def _of_sweep(runs: list[Run]) -> Iterator[Orphans]:
    for run in runs[KEPT_OF_THE_SWEEP:]:
        yield Orphans(run.info.artifact_uri, "run_not_kept")
    for run in runs[:KEPT_OF_THE_SWEEP]:
        for step in (25, 50, 75):  # keep_newest: 1
            checkpoint = f"{run.info.artifact_uri}/checkpoints/step-{step:04d}.ubj"
            yield Orphans(checkpoint, "intermediate_checkpoint")


def _of_churn(year: ChurnYear) -> Iterator[Orphans]:
    for run in (*year.deleted, year.of_deleted_model):
        yield Orphans(run.info.artifact_uri, "run_deleted")
    for run in year.purged:
        yield Orphans(run.info.artifact_uri, "run_missing")
    for run in year.failed:
        yield Orphans(run.info.artifact_uri, "run_failed")
    yield Orphans(year.killed.info.artifact_uri, "run_killed")
    yield Orphans(year.abandoned.info.artifact_uri, "run_abandoned")
    yield Orphans(year.deleted_model, "logged_model_deleted")
    for run in (year.registered, year.of_logged_model):
        for step in (1, 2):  # keep_newest: 1
            checkpoint = f"{run.info.artifact_uri}/checkpoints/step-{step:04d}.pt"
            yield Orphans(checkpoint, "intermediate_checkpoint")


def _of_jobs(bucket: ArtifactBucket) -> Iterator[Orphans]:
    checkpoints = bucket.uri(f"{JOBS}/checkpoints")
    yield Orphans(f"{checkpoints}/{FAILED_JOB}", "job_failed")
    yield Orphans(f"{checkpoints}/{STOPPED_JOB}", "job_stopped")


def _of_own_registries(bucket: ArtifactBucket) -> Iterator[Orphans]:
    yield Orphans(bucket.uri("models/ab"), "unreferenced")
    yield Orphans(bucket.uri("models/ranker/v6"), "unreferenced")
    yield Orphans(bucket.uri("models/risk/v0"), "version_deleted")
