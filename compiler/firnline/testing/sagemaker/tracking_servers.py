"""MLflow tracking servers that SageMaker manages: their records; no server runs behind them."""

from __future__ import annotations

from typing import Any

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Json, Refused, json_response, not_found
from firnline.testing.sagemaker.page import list_page

_SUMMARY = (
    "TrackingServerArn",
    "TrackingServerName",
    "CreationTime",
    "LastModifiedTime",
    "TrackingServerStatus",
    "IsActive",
    "MlflowVersion",
)


def create_tracking_server(call: Call) -> Response:
    backend, name = call.backend, call.body["TrackingServerName"]
    kept = _servers(backend)
    if name in kept:
        raise Refused(f"Tracking server {name} exists already", "ConflictException")
    place = f"{backend.region_name}:{backend.account_id}"
    arn = f"arn:aws:sagemaker:{place}:mlflow-tracking-server/{name}"
    kept[name] = {
        "TrackingServerArn": arn,
        "TrackingServerStatus": "Created",
        "IsActive": "Active",
        "MlflowVersion": "3.0",
        "TrackingServerUrl": f"https://{name}.{backend.region_name}.experiments.sagemaker.aws",
        "CreationTime": call.now,
        "LastModifiedTime": call.now,
        "CreatedBy": call.caller,
        **{member: value for member, value in call.body.items() if member != "Tags"},
    }
    return json_response({"TrackingServerArn": arn})


def describe_tracking_server(call: Call) -> Response:
    name = call.body["TrackingServerName"]
    if name not in _servers(call.backend):
        raise not_found(f"Tracking server {name}")
    return json_response(_servers(call.backend)[name])


def delete_tracking_server(call: Call) -> Response:
    name = call.body["TrackingServerName"]
    if name not in _servers(call.backend):
        raise not_found(f"Tracking server {name}")
    return json_response(
        {"TrackingServerArn": _servers(call.backend).pop(name)["TrackingServerArn"]}
    )


def list_tracking_servers(call: Call) -> Response:
    status = call.body.get("TrackingServerStatus")
    found = (
        {name: each[name] for name in _SUMMARY}
        for each in _servers(call.backend).values()
        if status in (None, each["TrackingServerStatus"])
    )
    page = list_page(call.body, "TrackingServerSummaries", found, "TrackingServerName")
    return json_response(page)


def _servers(backend: Any) -> dict[str, Json]:
    kept = backend.__dict__.setdefault("mlflow_tracking_servers", {})
    assert isinstance(kept, dict)
    return kept
