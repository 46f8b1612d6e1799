"""What MLflow's client returns → experiments, models, versions, runs and traces."""

from __future__ import annotations

from typing import Any, Final

from firnline.reach.experiments.model import Metric
from firnline.reach.registries.mlflow.contents import (
    Dataset,
    Experiment,
    LoggedModel,
    Trace,
    TrackedRun,
    Version,
)
from firnline.reach.registries.mlflow.sql_rows import IS_PROMPT, moment, owner_of, status_of

_READY: Final = "READY"


def experiment(row: Any) -> Experiment:
    return Experiment(
        id=row.experiment_id,
        name=row.name,
        root=row.artifact_location or "",
        is_deleted=row.lifecycle_stage == "deleted",
        changed=moment(row.last_update_time),
        texts=tuple(row.tags.values()),
    )


def run(row: Any) -> TrackedRun:
    # Its metrics as the client shows them have no time, by which one tells an abandoned run.
    metrics = sorted(row.data.to_proto().metrics, key=lambda each: each.key)
    inputs = row.inputs
    return TrackedRun(
        id=row.info.run_id,
        name=row.info.run_name or row.info.run_id,
        experiment_id=row.info.experiment_id,
        status=status_of(row.info.status, row.info.run_id),
        is_deleted=row.info.lifecycle_stage == "deleted",
        started=moment(row.info.start_time),
        ended=moment(row.info.end_time),
        deleted=None,
        owner=owner_of(row.data.tags.get("mlflow.user") or row.info.user_id),
        root=row.info.artifact_uri or "",
        parameters=tuple(sorted(row.data.params.items())),
        tags=tuple(sorted(row.data.tags.items())),
        metrics=tuple(Metric(each.key, each.value) for each in metrics),
        datasets=tuple(
            Dataset(each.dataset.name, each.dataset.source)
            for each in (inputs.dataset_inputs if inputs else ())
        ),
        models_read=tuple(each.model_id for each in (inputs.model_inputs if inputs else ())),
        measured=moment(max((each.timestamp for each in metrics), default=0)),
    )


def logged_model(row: Any) -> LoggedModel:
    return LoggedModel(
        id=row.model_id,
        name=row.name,
        experiment_id=row.experiment_id,
        root=row.artifact_location or "",
        is_deleted=False,
        run=row.source_run_id or None,
        changed=moment(row.last_updated_timestamp),
        texts=(*row.tags.values(), *row.params.values()),
        is_ready=str(row.status) == _READY,
    )


def version(row: Any, aliases: tuple[str, ...], storage: str | None) -> Version:
    return Version(
        workspace="",
        name=row.name,
        number=int(row.version),
        stage=row.current_stage,
        source=row.source or "",
        storage=storage,
        run=row.run_id or None,
        is_deleted=False,
        changed=moment(row.last_updated_timestamp),
        owner=row.user_id or None,
        aliases=aliases,
        texts=(*row.tags.values(), row.description or ""),
        is_prompt=IS_PROMPT in row.tags,
    )


def trace(row: Any) -> Trace:
    info = row.info
    return Trace(info.trace_id, info.experiment_id, info.tags.get("mlflow.artifactLocation", ""))
