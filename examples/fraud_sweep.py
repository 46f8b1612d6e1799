"""A sweep over a fraud detector, tracked in MLflow: 18 runs, of which the best is registered.

The training is made up, so that it takes no time: `curve` says what XGBoost might have reached.
What is tracked, and how, is what a real sweep would track.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run

from examples.artifacts import KIB, MIB, ArtifactBucket

MAX_DEPTHS = (4, 6, 8)
LEARNING_RATES = (0.01, 0.05, 0.1)
SUBSAMPLES = (0.7, 0.9)
STEPS = range(10, 101, 10)
CHECKPOINTS = (25, 50, 75, 100)
ANA = "ana"


def sweep(client: MlflowClient, bucket: ArtifactBucket, began: datetime) -> list[Run]:
    """The runs, the best first."""
    experiment = client.create_experiment(
        "fraud-detection", artifact_location=bucket.uri("mlflow/fraud-detection")
    )
    grid = product(MAX_DEPTHS, LEARNING_RATES, SUBSAMPLES)
    runs = [
        _train(client, bucket, experiment, each, began + timedelta(hours=2 * number))
        for number, each in enumerate(grid)
    ]
    runs.sort(key=lambda run: float(run.data.metrics["val_auc"]), reverse=True)
    _register(client, runs[0], "champion")
    _register(client, runs[1], "challenger")
    return runs


def curve(depth: int, rate: float, subsample: float) -> Iterator[tuple[int, float]]:
    """Validation AUC by boosting round."""
    best = 0.93 - 0.006 * abs(depth - 6) - 0.2 * abs(rate - 0.05) + 0.02 * (subsample - 0.7)
    for step in STEPS:
        yield step, round(best - 0.3 * (1 - rate) ** step, 5)


def _train(
    client: MlflowClient,
    bucket: ArtifactBucket,
    experiment: str,
    values: tuple[int, float, float],
    at: datetime,
) -> Run:
    depth, rate, subsample = values
    run = client.create_run(
        experiment,
        start_time=_milliseconds(at),
        run_name=f"depth-{depth}-rate-{rate}-subsample-{subsample}",
        tags={"mlflow.user": ANA, "team": "fraud"},
    )
    parameters = {"max_depth": depth, "learning_rate": rate, "subsample": subsample}
    client.log_batch(
        run.info.run_id,
        params=[Param(name, str(value)) for name, value in parameters.items()],
        metrics=[
            Metric("val_auc", auc, _milliseconds(at + timedelta(minutes=step)), step)
            for step, auc in curve(depth, rate, subsample)
        ],
    )
    artifacts = run.info.artifact_uri
    for step in CHECKPOINTS:
        when = at + timedelta(minutes=step)
        bucket.put(f"{artifacts}/checkpoints/step-{step:04d}.ubj", 900 * MIB, when)
    ended = at + timedelta(minutes=110)
    bucket.put(f"{artifacts}/model/MLmodel", 2 * KIB, ended)
    bucket.put(f"{artifacts}/model/model.ubj", 950 * MIB, ended)
    bucket.put(f"{artifacts}/confusion_matrix.png", 40 * KIB, ended)
    client.set_terminated(run.info.run_id, "FINISHED", _milliseconds(ended))
    return client.get_run(run.info.run_id)


def _register(client: MlflowClient, run: Run, alias: str) -> None:
    if not client.search_registered_models("name = 'fraud-detector'"):
        client.create_registered_model("fraud-detector", description="XGBoost on card payments")
    version = client.create_model_version(
        "fraud-detector", source=f"{run.info.artifact_uri}/model", run_id=run.info.run_id
    )
    client.set_registered_model_alias("fraud-detector", alias, version.version)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
