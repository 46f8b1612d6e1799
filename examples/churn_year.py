"""A year of a team that predicts churn, tracked in MLflow, with all that such a year leaves behind.

Runs fail, are stopped, are forgotten; people delete runs and think that the artifacts go with them;
Bo, who made most of it, left in the summer. Each function is one such story.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import LoggedModelStatus, Metric, Run
from mlflow.tracking._tracking_service.utils import _get_store

from examples.artifacts import GIB, KIB, MIB, ArtifactBucket

BO, CHEN = "bo", "chen"
MODEL = "churn"


@dataclass(frozen=True, slots=True)
class Team:
    """`database` is the file behind `client`, in which dates are set that MLflow sets by itself."""

    client: MlflowClient
    database: Path
    bucket: ArtifactBucket
    experiment: str
    today: datetime


@dataclass(frozen=True, slots=True)
class ChurnYear:
    """What each story left, as URIs of folders: for those who say what is needed of it."""

    registered: Run
    of_logged_model: Run
    deleted_but_registered: Run
    deleted: tuple[Run, ...]
    deleted_lately: Run
    purged: tuple[Run, ...]
    failed: tuple[Run, ...]
    failed_lately: Run
    killed: Run
    abandoned: Run
    running: Run
    deleted_model: str
    of_deleted_model: Run
    notebooks: str


def churn_year(
    client: MlflowClient, database: Path, bucket: ArtifactBucket, today: datetime
) -> ChurnYear:
    root = bucket.uri("mlflow/churn-prediction")
    experiment = client.create_experiment("churn-prediction", artifact_location=root)
    team = Team(client, database, bucket, experiment, today)
    client.create_registered_model(MODEL, description="who will leave next month")
    of_deleted_model, deleted_model = _deleted_model(team)
    notebooks = f"{root}/notebooks-of-bo"
    bucket.put(f"{notebooks}/exploration.ipynb", 3 * MIB, _ago(team, 250))
    return ChurnYear(
        registered=_registered(team),
        of_logged_model=_of_logged_model(team),
        deleted_but_registered=_deleted_but_registered(team),
        deleted=tuple(_deleted(team, days, 90) for days in (300, 280, 260)),
        deleted_lately=_deleted(team, 50, 3),
        purged=tuple(_purged(team, days) for days in (320, 310)),
        failed=tuple(_ended(team, days, "FAILED", BO) for days in (220, 190)),
        failed_lately=_ended(team, 2, "FAILED", CHEN),
        killed=_ended(team, 170, "KILLED", CHEN),
        abandoned=_train(team, 80, BO),
        running=_running(team),
        deleted_model=deleted_model,
        of_deleted_model=of_deleted_model,
        notebooks=notebooks,
    )


def _registered(team: Team) -> Run:
    """Registered as `runs:/` does, and in service for a year."""
    run = _ended(team, 330, "FINISHED", BO)
    _register(team, f"{run.info.artifact_uri}/model", run)
    return run


def _of_logged_model(team: Team) -> Run:
    """Its weights are not below the run (MLflow 3). Version 2, alias champion."""
    run = _ended(team, 150, "FINISHED", BO)
    model = team.client.create_logged_model(
        team.experiment, name=MODEL, source_run_id=run.info.run_id
    )
    team.client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    team.bucket.put(f"{model.artifact_location}/MLmodel", 2 * KIB, _ago(team, 150))
    team.bucket.put(f"{model.artifact_location}/model.txt", 2 * GIB, _ago(team, 150))
    version = _register(team, f"models:/{model.model_id}", run)
    team.client.set_registered_model_alias(MODEL, "champion", version)
    return run


def _deleted_but_registered(team: Team) -> Run:
    """The run went in a clean-up, its model serves on: `mlflow gc` would destroy it."""
    run = _ended(team, 120, "FINISHED", BO)
    version = _register(team, f"{run.info.artifact_uri}/model", run)
    team.client.set_registered_model_alias(MODEL, "fallback", version)
    _delete(team, run, days_ago=100)
    return run


def _deleted(team: Team, days: int, deleted_days_ago: int) -> Run:
    run = _ended(team, days, "FINISHED", BO)
    _delete(team, run, deleted_days_ago)
    return run


def _purged(team: Team, days: int) -> Run:
    """The row is gone, and the folder remains: as after `mlflow gc` with the wrong credentials."""
    run = _deleted(team, days, days - 20)
    store = _get_store(f"sqlite:///{team.database}")  # type: ignore[no-untyped-call]
    store._hard_delete_run(run.info.run_id)
    return run


def _running(team: Team) -> Run:
    """For three weeks, with a checkpoint every day."""
    run = _train(team, 21, CHEN)
    for day in range(20, 0, -1):
        at = _ago(team, day)
        checkpoint = f"{run.info.artifact_uri}/checkpoints/day-{21 - day:02d}.pt"
        team.bucket.put(checkpoint, 60 * GIB, at)
        metric = Metric("val_auc", 0.9 - day / 100, _milliseconds(at), 21 - day)
        team.client.log_batch(run.info.run_id, metrics=[metric])
    return run


def _deleted_model(team: Team) -> tuple[Run, str]:
    """A logged model that somebody deleted with its run, and that no version needs."""
    run = _ended(team, 140, "FINISHED", CHEN)
    model = team.client.create_logged_model(
        team.experiment, name="churn-small", source_run_id=run.info.run_id
    )
    team.client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    team.bucket.put(f"{model.artifact_location}/model.txt", 5 * GIB, _ago(team, 140))
    team.client.delete_logged_model(model.model_id)
    _date(team, "logged_models", "last_updated_timestamp_ms", "model_id", model.model_id, 130)
    _delete(team, run, days_ago=130)
    return run, str(model.artifact_location)


def _ended(team: Team, days: int, status: str, owner: str) -> Run:
    run = _train(team, days, owner)
    ended = _ago(team, days) + timedelta(hours=5)
    if status == "FINISHED":
        team.bucket.put(f"{run.info.artifact_uri}/model/MLmodel", 2 * KIB, ended)
        team.bucket.put(f"{run.info.artifact_uri}/model/model.txt", 2 * GIB, ended)
    team.client.set_terminated(run.info.run_id, status, _milliseconds(ended))
    return run


def _train(team: Team, days: int, owner: str) -> Run:
    at = _ago(team, days)
    run = team.client.create_run(
        team.experiment,
        start_time=_milliseconds(at),
        run_name=f"churn-{days:03d}-days-ago",
        tags={"mlflow.user": owner, "team": "churn"},
    )
    metrics = []
    for step in (1, 2, 3):
        when = at + timedelta(hours=step)
        metrics.append(Metric("val_auc", 0.8 + step / 50, _milliseconds(when), step))
        team.bucket.put(f"{run.info.artifact_uri}/checkpoints/step-{step:04d}.pt", 60 * GIB, when)
    team.client.log_batch(run.info.run_id, metrics=metrics)
    return run


def _register(team: Team, source: str, run: Run) -> str:
    """The number of the version."""
    return str(team.client.create_model_version(MODEL, source, run.info.run_id).version)


def _delete(team: Team, run: Run, days_ago: int) -> None:
    team.client.delete_run(run.info.run_id)
    _date(team, "runs", "deleted_time", "run_uuid", run.info.run_id, days_ago)


def _date(team: Team, table: str, column: str, key: str, value: str, days_ago: int) -> None:
    """MLflow dates a deletion by the clock of the machine."""
    moment = _milliseconds(_ago(team, days_ago))
    with sqlite3.connect(team.database) as rows:
        rows.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (moment, value))
    rows.close()


def _ago(team: Team, days: int) -> datetime:
    return team.today - timedelta(days=days)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
