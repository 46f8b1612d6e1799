"""MLflow's backend store in a real PostgreSQL: one snapshot, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient
from sqlalchemy import create_engine

from firnline.reach.experiments.model import Run
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.source import CannotRead, Certificate
from tests.reach.registries.mlflow.churn import Churn
from tests.reach.registries.mlflow.stores import VARIABLE, of, pins, settings, world
from tests.reach.registries.postgresql import PASSWORD, served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", url)
        Churn(Path("unused"), MlflowClient(url))
        yield url


def server_at(url: str) -> MlflowServer:
    return MlflowServer(settings(backend_store_env=VARIABLE), world({VARIABLE: url}))


def test_it_is_read_whole_in_a_snapshot_that_the_certificate_names(url: str) -> None:
    *found, certificate = server_at(url).read()
    assert isinstance(certificate, Certificate)
    assert certificate.is_complete
    assert certificate.snapshot
    assert len(of(Run, found)) == 3
    chains = [because for because in pins(found).values() if len(because) == 4]
    assert any(each[1].startswith("run one (") for each in chains)
    assert {each[2:] for each in chains} >= {("model prod v1", "alias champion")}


def test_what_is_written_while_it_is_read_belongs_to_the_next_snapshot(url: str) -> None:
    reading = server_at(url).read()
    found = [next(reading)]
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO runs (run_uuid, name, status, lifecycle_stage, artifact_uri,"
            " experiment_id) VALUES ('0', 'late', 'RUNNING', 'active', 's3://acme-ml/ml/1/0', 1)"
        )
    *others, certificate = reading
    assert isinstance(certificate, Certificate)
    assert certificate.is_complete
    assert "late" not in {each.name for each in of(Run, [*found, *others])}
    assert "late" in {each.name for each in of(Run, server_at(url).read())}
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM runs WHERE name = 'late'")
    engine.dispose()


def test_it_says_what_the_next_mlflow_gc_would_destroy(url: str) -> None:
    found, problems = server_at(url).next_gc()
    assert problems == ()
    assert [each.because[0] for each in found.losses] == [
        "model prod v1",
        "model prod v2",
        "model copy v1",
    ]


def test_a_refused_password_stands_in_no_message(url: str) -> None:
    with pytest.raises(CannotRead) as raised:
        list(server_at(url.replace(PASSWORD, "another-secret")).read())
    assert "another-secret" not in str(raised.value)
    assert "cannot be read" in str(raised.value)
