"""MLflow over REST: read whole, or not believed, whatever the server does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from firnline.reach.experiments.model import Run
from firnline.reach.references import Reference, Root
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.source import CannotRead, Certificate, Found
from tests.reach.registries.mlflow.fake_server import (
    Answer,
    FakeServer,
    Fault,
    no_fault,
    running,
    token,
)
from tests.reach.registries.mlflow.stores import of, pins, settings, world


@pytest.fixture(autouse=True)
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow's client waits minutes for a server that fails."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def address(server: FakeServer) -> Iterator[str]:
    with running(server) as address:
        yield address


def read(address: str, **others: str) -> tuple[list[Found], Certificate]:
    *found, certificate = MlflowServer(settings(address, **others), world()).read()
    assert isinstance(certificate, Certificate)
    return found, certificate


def test_a_server_that_answers_as_it_should_is_read_whole(address: str) -> None:
    found, certificate = read(address)
    assert certificate.is_complete
    assert certificate.counted_by == "another listing, in the opposite order"
    assert certificate.count == 3 + 15 + 15 + 10 + 1
    assert len(of(Run, found)) == 15
    assert len(of(Root, found)) == 6
    key = f"s3://acme-ml/2/models/m-{2:032x}/artifacts/"
    assert pins(found)[key] == ("model prod v3", "alias champion")


def test_what_is_said_of_a_registered_model_is_needed_by_its_versions(
    server: FakeServer, address: str
) -> None:
    server.registered_models[0] |= {
        "tags": [{"key": "baseline", "value": "s3://acme-ml/drift/baseline"}],
        "description": "judged on s3://acme-ml/golden/set",
    }
    found, certificate = read(address)
    assert certificate.is_complete
    assert {"s3://acme-ml/drift/baseline/", "s3://acme-ml/golden/set/"} <= pins(found).keys()


def test_a_metric_tells_when_a_run_was_last_heard_of(address: str) -> None:
    found, _ = read(address)
    run = of(Run, found)[0]
    assert run.last_news is not None
    assert run.last_news.timestamp() == 1_700_000_500


def test_a_logged_model_that_is_in_no_listing_is_still_pinned_by_its_version(
    server: FakeServer, address: str
) -> None:
    server.fault = _on("logged-models/search", lambda *_: {})
    found, certificate = read(address)
    assert certificate.is_complete
    assert len(pins(found)) >= 10


def test_a_version_whose_storage_the_server_does_not_tell_leaves_the_reading_incomplete(
    server: FakeServer, address: str
) -> None:
    def fault(call: str, _given: dict[str, Any], answer: Answer) -> Answer:
        unknown: dict[str, Answer] = {
            "logged-models/search": {},
            "model-versions/get-download-uri": 404,
        }
        return unknown.get(call, answer)

    server.fault = fault
    with pytest.raises(CannotRead, match="failed while it was read"):
        read(address)


def _on(call: str, wrong: Callable[[dict[str, Any], Answer], Answer]) -> Fault:
    return lambda called, given, answer: wrong(given, answer) if called == call else answer


def _without_later_pages(_given: dict[str, Any], answer: Answer) -> Answer:
    assert isinstance(answer, dict)
    return {name: rows for name, rows in answer.items() if name != "next_page_token"}


def _fails_on_the_second_page(given: dict[str, Any], answer: Answer) -> Answer:
    return 500 if given.get("page_token") else answer


def _empty_on_the_second_page(given: dict[str, Any], answer: Answer) -> Answer:
    return {} if given.get("page_token") else answer


def _repeats(_given: dict[str, Any], answer: Answer) -> Answer:
    assert isinstance(answer, dict)
    return {**answer, "next_page_token": token(4)}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda *_: {}, "not even MLflow's own Default"),
        (lambda *_: b"{}", "not even MLflow's own Default"),
        (lambda *_: b"<html>sign in</html>", "failed while it was read"),
        (lambda *_: b"[]", "failed while it was read"),
        (lambda *_: b'{"experiments": [', "failed while it was read"),
        (lambda *_: b"", "failed while it was read"),
        (lambda *_: 404, "failed while it was read"),
        (lambda *_: 500, "failed while it was read"),
        (lambda *_: 401, "MLFLOW_TRACKING_TOKEN"),
        (lambda *_: 403, "MLFLOW_TRACKING_TOKEN"),
        (_on("runs/search", _fails_on_the_second_page), "failed while it was read"),
        (_on("runs/search", _repeats), "repeats a page of its runs"),
        (_on("model-versions/search", _repeats), "repeats a page of its model versions"),
        (_on("runs/search", lambda *_: {}), "which its list of runs does not have"),
        (_on("runs/search", _empty_on_the_second_page), "which its list of runs does not have"),
        (_on("runs/search", _without_later_pages), "which its list of runs does not have"),
        (_on("logged-models/search", _empty_on_the_second_page), "a list of logged models that"),
        (_on("model-versions/search", _without_later_pages), "a list of model versions that"),
        (_on("traces/search", lambda *_: {"traces": 5}), "not MLflow's"),
    ],
)
def test_a_fault_is_never_a_complete_reading(
    server: FakeServer, address: str, fault: Fault, said: str
) -> None:
    server.fault = fault
    assert said in _why_it_is_not_complete(address)


def _why_it_is_not_complete(address: str) -> str:
    try:
        _, certificate = read(address)
    except CannotRead as why:
        return str(why)
    assert not certificate.is_complete
    return certificate.problems[0]


def test_versions_that_vanish_between_pages_are_noticed(server: FakeServer, address: str) -> None:
    """The token is an offset: one deleted before it makes the next page skip one that lives."""

    def fault(call: str, _given: dict[str, Any], answer: Answer) -> Answer:
        if call == "model-versions/search" and server.model_versions[7:]:
            del server.model_versions[0]
        return answer

    server.fault = fault
    found, certificate = read(address)
    kept = {f"s3://acme-ml/{each % 3}/models/m-{each:032x}/artifacts/" for each in range(3, 10)}
    assert kept <= set(pins(found))
    assert certificate.is_complete


def test_a_list_that_grows_each_time_is_not_believed(server: FakeServer, address: str) -> None:
    server.page = 100

    def fault(call: str, _given: dict[str, Any], answer: Answer) -> Answer:
        if call == "experiments/search":
            new = {**server.experiments[0], "experiment_id": str(len(server.experiments))}
            server.experiments.append(new)
        return answer

    server.fault = fault
    _, certificate = read(address)
    assert "a list of experiments that changed each time" in certificate.problems[0]
    assert "`backend_store_env`" in certificate.problems[0]


def test_a_list_that_changed_once_is_read_until_it_is_stable(
    server: FakeServer, address: str
) -> None:
    def fault(call: str, given: dict[str, Any], answer: Answer) -> Answer:
        if call == "runs/search" and given.get("page_token") and len(server.runs) == 15:
            del server.runs[10:12]
        return answer

    server.fault = fault
    found, certificate = read(address)
    assert certificate.is_complete
    assert len(of(Run, found)) == 13


def test_several_workspaces_are_not_read_over_rest(server: FakeServer, address: str) -> None:
    answers: dict[str, Answer] = {
        "server-info": {"workspaces_enabled": True},
        "workspaces": {"workspaces": [{"name": "default"}, {"name": "team-b"}]},
    }
    server.fault = lambda call, _given, answer: answers.get(call, answer)
    _, certificate = read(address)
    assert "2 workspaces" in certificate.problems[0]


def test_a_server_that_is_not_there_is_said_to_fail() -> None:
    with pytest.raises(CannotRead, match="failed while it was read"):
        read("http://127.0.0.1:9")


def test_a_token_or_a_password_goes_to_the_server_and_into_no_message(
    server: FakeServer, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "s3cret-token")
    server.fault = lambda *_: 403
    with pytest.raises(CannotRead) as raised:
        read(address)
    assert server.authorizations == {"Bearer s3cret-token"}
    assert "s3cret" not in str(raised.value)
    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "reader")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "hunter2")
    server.fault = no_fault
    read(address)
    assert any(each.startswith("Basic ") for each in server.authorizations)


def test_a_tracking_server_of_sagemaker_needs_its_plugin() -> None:
    arn = "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/team"
    with pytest.raises(CannotRead, match="pip install sagemaker-mlflow"):
        read(arn)


def test_nothing_is_written(server: FakeServer, address: str) -> None:
    read(address)
    assert {each for each in server.calls if not each.endswith(("/search", "/get"))} <= {
        "server-info",
        "model-versions/get-download-uri",
    }


def test_the_reading_ends_with_what_versions_need_alone_once(address: str) -> None:
    found, _ = read(address)
    assert len(set(of(Reference, found))) == len(of(Reference, found))
