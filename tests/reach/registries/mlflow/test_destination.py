"""`artifacts_destination` is believed where S3 has something of what goes through the proxy."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from mlflow.entities import LoggedModelStatus
from moto import mock_aws

from firnline.cli import main
from firnline.fleet.accounts import Access, Clients
from firnline.reach.location import Location
from firnline.reach.registries.mlflow.contents import LoggedModel
from firnline.reach.registries.mlflow.destination import verified
from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Certificate, Found, GaveNoAccess
from tests.reach.registries.fleets import answered, fleet_folder, gc_refs, problem_of
from tests.reach.registries.mlflow.churn import BUCKET, Churn
from tests.reach.registries.mlflow.fake_server import FakeServer, running
from tests.reach.registries.mlflow.stores import (
    VARIABLE,
    client_of,
    pins,
    settings,
    world,
)
from tests.reach.registries.mlflow.test_found import MODEL, THEN, Deleted

DESTINATION = f"s3://{BUCKET}/dest"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


@dataclass
class Served:
    """An MLflow whose server proxies all artifacts, and what reads it. `without_models` leaves
    plain runs alone; `model` is the key of an object of a registered version.
    """

    model: str
    without_models: Callable[[], None]
    _server: Callable[[dict[str, str], World], MlflowServer]
    environment: dict[str, str] = field(default_factory=dict)

    def read(
        self, destination: str = DESTINATION, clients: object = None, **others: str
    ) -> tuple[list[Found], Certificate]:
        given = world(self.environment)
        if clients is not None:
            given = World(given.fleet, given.folder, self.environment, cast(Clients, clients))
        server = self._server({"artifacts_destination": destination, **others}, given)
        *found, certificate = server.read()
        assert isinstance(certificate, Certificate)
        return found, certificate


@pytest.fixture(params=["sql", "rest"])
def served(
    request: pytest.FixtureRequest, churn: Churn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    if request.param == "sql":
        yield _by_sql(churn, tmp_path)
    else:
        server = FakeServer()
        for row in (*server.runs, *server.models):
            row["info"]["artifact_uri"] = _proxied(row["info"]["artifact_uri"])
        with running(server) as address:
            yield _over_rest(server, address)


def _by_sql(churn: Churn, folder: Path) -> Served:
    store = proxied_store(churn, folder)

    def without_models() -> None:
        changed(store, "DELETE FROM model_versions")  # its logged models are still pending

    return Served(
        f"{churn.model.artifact_location.replace(f's3://{BUCKET}/ml', 'dest')}/MLmodel",
        without_models,
        lambda given, world: MlflowServer(settings(backend_store_env=VARIABLE, **given), world),
        {VARIABLE: f"sqlite:///{store}"},
    )


def _over_rest(server: FakeServer, address: str) -> Served:
    def without_models() -> None:
        server.model_versions.clear()
        for each in server.models:
            each["info"]["status"] = "LOGGED_MODEL_PENDING"

    return Served(
        f"dest/1/models/m-{7:032x}/artifacts/MLmodel",
        without_models,
        lambda given, world: MlflowServer(settings(address, **given), world),
    )


def _proxied(address: str) -> str:
    return address.replace(f"s3://{BUCKET}/", "mlflow-artifacts:/")


def proxied_store(churn: Churn, folder: Path) -> Path:
    store = Path(shutil.copy(churn.store, folder / "mlflow.db"))
    for table, column in (
        ("experiments", "artifact_location"),
        ("runs", "artifact_uri"),
        ("logged_models", "artifact_location"),
        ("model_versions", "source"),
        ("model_versions", "storage_location"),
    ):
        written = f"replace({column}, 's3://{BUCKET}/ml/', 'mlflow-artifacts:/')"
        changed(store, f"UPDATE {table} SET {column} = {written}")
    return store


def changed(store: Path, statement: str) -> None:
    with sqlite3.connect(store) as connection:
        assert connection.execute(statement).rowcount


def test_one_object_of_a_model_verifies_the_destination(served: Served, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=served.model, Body=b"model")
    found, certificate = served.read()
    assert certificate.is_complete
    (note,) = certificate.notes
    assert "`artifacts_destination` is verified: 1 of" in note
    assert f"s3://{BUCKET}/{served.model.removesuffix('MLmodel')}" in pins(found)


def test_a_wrong_destination_is_no_complete_reading(served: Served, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=served.model, Body=b"model")
    s3.put_object(Bucket=BUCKET, Key="dst-of-others/file", Body=b"")
    for wrong in (f"s3://{BUCKET}/dst", f"s3://{BUCKET}", "s3://acme-nowhere/dest"):
        _, certificate = served.read(wrong)
        assert not certificate.is_complete
        (problem,) = certificate.problems
        assert f"has `artifacts_destination: {wrong}`, and none of" in problem
        assert f" at {wrong}/" in problem
        assert "correct it in the fleet file" in problem


@dataclass
class Failing:
    """In place of `Clients`: S3 never lists."""

    error: BotoCoreError | ClientError

    def s3(self, _: Access) -> Any:
        return self

    def list_objects_v2(self, **_: Any) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "ListObjectsV2"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://s3"), "see that S3 can be reached"),
    ],
)
@pytest.mark.usefixtures("s3")
def test_where_s3_does_not_list_nothing_is_believed(
    served: Served, error: BotoCoreError | ClientError, said: str
) -> None:
    with pytest.raises(GaveNoAccess) as raised:
        served.read(clients=Failing(error))
    assert said in str(raised.value)
    assert f"grant s3:ListBucket on the bucket {BUCKET}" in str(raised.value)


def test_an_account_that_the_fleet_file_does_not_list_reads_nothing(served: Served) -> None:
    with pytest.raises(CannotRead, match="account `lab`, which the fleet file does not list"):
        served.read(account="lab")


def test_runs_may_have_nothing_so_that_by_them_nothing_is_verified(served: Served) -> None:
    served.without_models()
    _, certificate = served.read(clients=_NEVER)
    assert certificate.is_complete
    (note,) = certificate.notes
    assert "is not verified: no registered version and no logged model that is ready" in note


@pytest.mark.usefixtures("s3")
def test_a_logged_model_that_mlflow_finalized_is_looked_for(churn: Churn, tmp_path: Path) -> None:
    served = _by_sql(churn, tmp_path)
    served.without_models()
    with client_of(tmp_path / "mlflow.db") as client:
        client.finalize_logged_model(churn.losing.model_id, LoggedModelStatus.READY)
    (problem,) = served.read()[1].problems
    assert f"not logged model loser {churn.losing.model_id} at {DESTINATION}/1/models/" in problem


@pytest.mark.usefixtures("s3")
def test_over_rest_a_logged_model_that_is_ready_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    server = FakeServer()
    server.model_versions.clear()
    for number, each in enumerate(server.models):
        each["info"]["artifact_uri"] = _proxied(each["info"]["artifact_uri"])
        each["info"]["status"] = "LOGGED_MODEL_READY" if number == 3 else "LOGGED_MODEL_PENDING"
    with running(server) as address:
        (problem,) = _over_rest(server, address).read()[1].problems
    assert f"not logged model model 3 m-{3:032x} at {DESTINATION}/0/models/" in problem


def test_a_destination_outside_s3_is_said_not_to_be_verified(served: Served) -> None:
    _, certificate = served.read("gs://acme/dest", clients=_NEVER)
    assert certificate.notes == (
        "`artifacts_destination` is not verified: gs://acme/dest is not in S3",
    )


_NEVER = Failing(cast(BotoCoreError, AssertionError("S3 has nothing to do with it")))


@pytest.mark.parametrize("destination", ["", ', artifacts_destination: "s3://acme/dest"'])
def test_without_a_proxy_boto3_is_not_even_imported(
    churn: Churn, tmp_path: Path, destination: str
) -> None:
    uri = f'tracking_uri: "sqlite:///{churn.store}"'
    fleet_folder(tmp_path, f"  ml: {{mlflow: {{{uri}{destination}}}}}\n")
    program = (
        "import sys; from firnline.cli import main; code = main(sys.argv[1:]);"
        " print(code, 'boto3' in sys.modules)"
    )
    words = [sys.executable, "-c", program, "gc", "refs", str(tmp_path / "policies")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n0 False\n")
    assert ("is not verified" in done.stdout) is bool(destination)


def test_a_version_that_is_one_object_is_found(churn: Churn, tmp_path: Path, s3: Any) -> None:
    served = _by_sql(churn, tmp_path)
    s3.put_object(Bucket=BUCKET, Key=served.model.removesuffix("/MLmodel"), Body=b"model")
    assert served.read()[1].is_complete


@dataclass(frozen=True)
class Many(Deleted):
    """Logged models, the newest with the highest number."""

    count: int = 1_000
    is_ready: bool = True

    @property
    def models(self) -> tuple[LoggedModel, ...]:
        return tuple(
            LoggedModel(
                f"{MODEL[:-4]}{each:04}",
                f"n{each}",
                "1",
                f"{self.root}/models/{MODEL[:-4]}{each:04}/artifacts",
                is_deleted=False,
                run=None,
                changed=THEN.replace(microsecond=each),
                is_ready=self.is_ready,
            )
            for each in range(self.count)
        )


def test_twenty_are_looked_up_among_them_the_newest_and_the_oldest() -> None:
    looked_up: list[int] = []

    def has_objects(location: Location) -> bool:
        looked_up.append(int(location.key.removesuffix("/artifacts")[-4:]))
        return looked_up[-1] == 999

    problems = Problems()
    (note,) = verified(Many("mlflow-artifacts:/1"), DESTINATION, has_objects, problems)
    assert problems.sentences() == ()
    assert "verified: 1 of 20 registered" in note
    assert "logged model n0 " in note
    assert "has none" in note
    assert looked_up[:2] == [999, 0]
    assert len({each // 63 for each in looked_up}) >= 15, "they are spread"


def test_a_model_that_is_ready_must_have_objects_and_another_need_not() -> None:
    problems = Problems()
    few = Many("mlflow-artifacts:/1", count=3)
    assert verified(few, DESTINATION, lambda _: False, problems) == ()
    (problem,) = problems.sentences()
    assert "none of 3 registered versions and logged models" in problem
    pending = Many("mlflow-artifacts:/1", count=3, is_ready=False)
    (note,) = verified(pending, DESTINATION, lambda _: False, Problems())
    assert "no logged model that is ready" in note


def test_refs_and_their_file_say_that_it_is_verified_by_the_role_of_an_account(
    churn: Churn, tmp_path: Path, s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    served = _by_sql(churn, tmp_path)
    s3.put_object(Bucket=BUCKET, Key=served.model, Body=b"model")
    where = 'tracking_uri: "sqlite:///../mlflow.db", account: lab, artifacts_destination: '
    fleet_folder(tmp_path, f'  ml: {{mlflow: {{{where}"{DESTINATION}"}}}}\n')
    refs = tmp_path / "refs.jsonl"
    assert gc_refs(tmp_path, "--out", str(refs)) == 0
    assert "  note: `artifacts_destination` is verified" in capsys.readouterr().out
    assert "is verified" in answered(refs)["ml"].certificate.notes[0]
    fleet_folder(tmp_path, f'  ml: {{mlflow: {{{where}"s3://{BUCKET}/dst"}}}}\n')
    assert gc_refs(tmp_path, "--out", str(refs)) == 1
    assert "correct it in the fleet file" in problem_of(refs, "ml")
    fleet_folder(tmp_path, f'  ml: {{mlflow: {{{where.replace("lab", "lba")}"{DESTINATION}"}}}}\n')
    assert main(["check", str(tmp_path / "policies")]) == 1
    assert "`lba`" in capsys.readouterr().out
