"""100,000 runs of MLflow from its database to what they need: against only fetching the rows."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, in_turn, processor_seconds

RUNS = 100_000
EXPERIMENTS = 100
VERSIONS = 1_000
ROUNDS = 3
_TIMES_THE_ROWS = 8.0
_GROWTH = 1.3


def measure() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        few, many = Path(name) / "few.db", Path(name) / "many.db"
        write(few, RUNS // 5)
        write(many, RUNS)
        ours, rows, ratio = in_turn(
            partial(read, many), partial(_fetch, many), ROUNDS, processor_seconds
        )
        yield Figure(f"{RUNS:,} runs with all they have, of the processor", ours, "s")
        yield Figure("  only fetching the rows", rows, "s")
        yield Figure("  ratio", ratio, "×", _TIMES_THE_ROWS)
        _, _, growth = in_turn(partial(read, many), partial(read, few), ROUNDS, processor_seconds)
        yield Figure(f"  per run, against {RUNS // 5:,} runs", growth / 5, "×", _GROWTH)


def read(store: Path) -> None:
    from firnline.diagnostics.position import Source, Span
    from firnline.language.fleet import Fleet
    from firnline.language.fleet_registries import Mlflow
    from firnline.language.said import Said
    from firnline.reach.registries.mlflow.source import MlflowServer
    from firnline.reach.registries.world import World
    from firnline.reach.source import Certificate

    nowhere = Span(Source("fleet.yaml", ""), 0, 0)
    world = World(Fleet(Said("acme", nowhere), (), ()), store.parent, {})
    server = MlflowServer(Mlflow(Said(f"sqlite:///{store}", nowhere)), world)
    (certificate,) = deque(server.read(), maxlen=1)
    assert isinstance(certificate, Certificate)
    assert certificate.is_complete, certificate.problems


def _fetch(store: Path) -> None:
    """Without their order, and without what belongs together."""
    with sqlite3.connect(store) as connection:
        for table in ("runs", "params", "tags", "latest_metrics", "logged_models", "inputs"):
            for _ in connection.execute(f"SELECT * FROM {table}"):
                pass


def write(store: Path, runs: int) -> None:
    """Ten parameters, five tags, five metrics and a logged model for each run, and a dataset for
    each tenth.
    """
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from mlflow import MlflowClient

    MlflowClient(f"sqlite:///{store}").search_experiments()
    ids = [f"{each * 2654435761 % 2**128:032x}" for each in range(1, runs + 1)]
    with sqlite3.connect(store) as connection:
        for table, rows in _rows(ids):
            batch = iter(rows)
            first = next(batch)
            into = f"INSERT INTO {table} VALUES ({', '.join('?' * len(first))})"
            connection.execute(into, first)
            connection.executemany(into, batch)


def _rows(ids: list[str]) -> Iterator[tuple[str, Iterable[tuple[object, ...]]]]:
    experiment = {id: at % EXPERIMENTS + 1 for at, id in enumerate(ids)}
    yield (
        "experiments (experiment_id, name, artifact_location, lifecycle_stage)",
        (
            (each, f"e{each}", f"s3://acme-ml/{each}", "active")
            for each in range(1, EXPERIMENTS + 1)
        ),
    )
    yield (
        "runs (run_uuid, name, user_id, status, start_time, end_time, lifecycle_stage,"
        " artifact_uri, experiment_id)",
        (
            (
                id,
                "run",
                "ada",
                "FINISHED",
                1,
                2,
                "active",
                _root(id, experiment[id]),
                experiment[id],
            )
            for id in ids
        ),
    )
    yield "params", ((f"p{each}", "0.125", id) for id in ids for each in range(10))
    yield "tags", ((f"t{each}", "some words of a tag", id) for id in ids for each in range(5))
    yield "latest_metrics", ((f"m{each}", 0.5, 3, 1, 0, id) for id in ids for each in range(5))
    yield (
        "logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,"
        " last_updated_timestamp_ms, status, lifecycle_stage, source_run_id)",
        (
            (f"m-{id}", experiment[id], "m", _model(id, experiment[id]), 1, 1, 2, "active", id)
            for id in ids
        ),
    )
    yield (
        "datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source)",
        (
            (
                id,
                experiment[id],
                f"d-{id}",
                "d",
                "s3",
                f'{{"uri": "s3://acme-data/{id}/x.parquet"}}',
            )
            for id in ids[::10]
        ),
    )
    yield "inputs", ((f"i{id}", "DATASET", id, "RUN", id, 0) for id in ids[::10])
    yield "registered_models (name)", (("prod",),)
    yield (
        "model_versions (name, version, current_stage, source, storage_location, run_id)",
        (
            ("prod", at + 1, "None", f"models:/m-{id}", _model(id, experiment[id]), id)
            for at, id in enumerate(ids[:VERSIONS])
        ),
    )


def _root(id: str, experiment: int) -> str:
    return f"s3://acme-ml/{experiment}/{id}/artifacts"


def _model(id: str, experiment: int) -> str:
    return f"s3://acme-ml/{experiment}/models/m-{id}/artifacts"
