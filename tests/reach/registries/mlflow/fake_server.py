"""An MLflow server to break: it pages by offset as MLflow does, and a fault changes its answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

Answer: TypeAlias = dict[str, Any] | bytes | int
Fault: TypeAlias = Callable[[str, dict[str, Any], Answer], Answer]
"""From the call, what it is given and the right answer to the wrong one: JSON, other bytes, or a
status."""

_LISTS = {
    "experiments/search": "experiments",
    "runs/search": "runs",
    "logged-models/search": "models",
    "model-versions/search": "model_versions",
    "registered-models/search": "registered_models",
}


def no_fault(_call: str, _given: dict[str, Any], answer: Answer) -> Answer:
    return answer


class FakeServer:
    """Three experiments with five runs each, a logged model for each run, and ten versions."""

    page = 4

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.authorizations: set[str] = set()
        self.fault: Fault = no_fault
        self.experiments = [
            {
                "experiment_id": str(each),
                "name": f"e{each}",
                "artifact_location": f"s3://acme-ml/{each}",
                "lifecycle_stage": "active",
            }
            for each in range(3)
        ]
        self.runs = [_run(f"{each:032x}", str(each % 3)) for each in range(15)]
        self.models = [_model(each) for each in range(15)]
        self.model_versions = [_version(each) for each in range(10)]
        self.evaluations: list[dict[str, Any]] | None = None
        """Records of an evaluation dataset; none as in an MLflow that is older."""

        self.registered_models: list[dict[str, Any]] = [
            {"name": "prod", "aliases": [{"alias": "champion", "version": "3"}]}
        ]

    def answer(self, target: str, body: bytes) -> Answer:
        parts = urlsplit(target)
        call = parts.path.partition("/mlflow/")[2]
        given = json.loads(body or b"{}") or dict(parse_qsl(parts.query))
        self.calls.append(call)
        return self.fault(call, given, self._right(call, given))

    def _right(self, call: str, given: dict[str, Any]) -> Answer:
        if call in _LISTS:
            return self._page_of(_LISTS[call], given)
        if call == "server-info":
            return {"workspaces_enabled": False}
        if call == "traces/search":
            return {}
        if call == "datasets/search" and self.evaluations is not None:
            return {"datasets": [{"dataset_id": "d-1", "name": "golden", "digest": "x"}]}
        if call == "datasets/d-1/records" and self.evaluations is not None:
            return {"records": json.dumps(self.evaluations)}
        if call == "model-versions/get-download-uri":
            return {"artifact_uri": self.models[int(given["version"]) - 1]["info"]["artifact_uri"]}
        if call == "registered-models/get":
            return {"registered_model": self.registered_models[0]}
        if call == "runs/get":
            found = [each for each in self.runs if each["info"]["run_id"] == given["run_id"]]
            return {"run": found[0]} if found else 404
        return 404

    def _page_of(self, name: str, given: dict[str, Any]) -> Answer:
        rows = list(getattr(self, name))
        if ids := given.get("experiment_ids"):
            rows = [each for each in rows if each["info"]["experiment_id"] in ids]
        order = json.dumps(given.get("order_by", ""))
        if "DESC" in order or '"ascending": false' in order:
            rows.reverse()
        at = _offset(given.get("page_token"))
        answer: dict[str, Any] = {name: rows[at : at + self.page]} if rows[at:] else {}
        if rows[at + self.page :]:
            answer["next_page_token"] = token(at + self.page)
        return answer


def token(offset: int) -> str:
    return base64.b64encode(json.dumps({"offset": offset}).encode()).decode()


def _offset(text: str | None) -> int:
    return int(json.loads(base64.b64decode(text))["offset"]) if text else 0


def _run(id: str, experiment: str) -> dict[str, Any]:
    return {
        "info": {
            "run_id": id,
            "run_uuid": id,
            "run_name": f"run {int(id, 16)}",
            "experiment_id": experiment,
            "status": "FINISHED",
            "start_time": 1_700_000_000_000 + int(id, 16),
            "artifact_uri": f"s3://acme-ml/{experiment}/{id}/artifacts",
            "lifecycle_stage": "active",
        },
        "data": {"metrics": [{"key": "auc", "value": 0.5, "timestamp": 1_700_000_500_000}]},
    }


def _model(number: int) -> dict[str, Any]:
    id = f"m-{number:032x}"
    info = {
        "model_id": id,
        "name": f"model {number}",
        "experiment_id": str(number % 3),
        "artifact_uri": f"s3://acme-ml/{number % 3}/models/{id}/artifacts",
        "status": "LOGGED_MODEL_READY",
        "source_run_id": f"{number:032x}",
        "creation_timestamp_ms": number,
        "last_updated_timestamp_ms": number,
    }
    return {"info": info, "data": {}}


def _version(number: int) -> dict[str, Any]:
    return {
        "name": "prod",
        "version": str(number + 1),
        "creation_timestamp": number,
        "last_updated_timestamp": number,
        "current_stage": "None",
        "source": f"models:/m-{number:032x}",
        "run_id": f"{number:032x}",
        "status": "READY",
    }


@contextmanager
def running(server: FakeServer) -> Iterator[str]:
    """Its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def do_GET(self) -> None:
            self._respond()

        def do_POST(self) -> None:
            self._respond()

        def _respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.authorizations.add(self.headers.get("Authorization") or "")
            answer = server.answer(self.path, body)
            status = answer if isinstance(answer, int) else 200
            if isinstance(answer, int):
                answer = {"error_code": _CODES.get(status, "INTERNAL_ERROR"), "message": "planted"}
            sent = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            return  # tests look at what was answered

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}"
        finally:
            http.shutdown()


_CODES = {404: "RESOURCE_DOES_NOT_EXIST", 403: "PERMISSION_DENIED", 401: "UNAUTHENTICATED"}
