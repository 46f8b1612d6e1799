"""Lineage: artifacts, and the associations between artifacts, jobs and components."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Json, json_response, not_found
from firnline.testing.sagemaker.page import list_page

_SUMMARY = ("ArtifactArn", "ArtifactName", "Source", "ArtifactType", "CreationTime")
_ENDS = ("SourceArn", "DestinationArn")
_ASSOCIATION_FILTERS = (*_ENDS, "SourceType", "DestinationType", "AssociationType")


@dataclass(slots=True)
class Lineage:
    artifacts: dict[str, Json] = field(default_factory=dict)
    associations: dict[tuple[str, str], Json] = field(default_factory=dict)


def create_artifact(call: Call) -> Response:
    backend = call.backend
    place = f"arn:aws:sagemaker:{backend.region_name}:{backend.account_id}"
    arn = f"{place}:artifact/{secrets.token_hex(16)}"
    _lineage(backend).artifacts[arn] = {
        "ArtifactArn": arn,
        "CreationTime": call.now,
        "LastModifiedTime": call.now,
        "CreatedBy": call.caller,
        **{name: value for name, value in call.body.items() if name != "Tags"},
    }
    return json_response({"ArtifactArn": arn})


def describe_artifact(call: Call) -> Response:
    arn = call.body["ArtifactArn"]
    found = _lineage(call.backend).artifacts.get(arn)
    if found is None:
        raise not_found(f"Artifact {arn}")
    return json_response(found)


def list_artifacts(call: Call) -> Response:
    uri, kind = call.body.get("SourceUri"), call.body.get("ArtifactType")
    found = (
        {name: each.get(name) for name in (*_SUMMARY, "LastModifiedTime")}
        for each in _lineage(call.backend).artifacts.values()
        if uri in (None, each["Source"]["SourceUri"]) and kind in (None, each["ArtifactType"])
    )
    return json_response(list_page(call.body, "ArtifactSummaries", found))


def delete_artifact(call: Call) -> Response:
    arn = call.body.get("ArtifactArn", "")
    if _lineage(call.backend).artifacts.pop(arn, None) is None:
        raise not_found(f"Artifact {arn}")
    return json_response({"ArtifactArn": arn})


def add_association(call: Call) -> Response:
    ends = {name: call.body[name] for name in _ENDS}
    _lineage(call.backend).associations[ends["SourceArn"], ends["DestinationArn"]] = {
        **ends,
        "AssociationType": call.body.get("AssociationType"),
        "SourceType": _kind(call.backend, ends["SourceArn"]),
        "DestinationType": _kind(call.backend, ends["DestinationArn"]),
        "SourceName": _name(call.backend, ends["SourceArn"]),
        "DestinationName": _name(call.backend, ends["DestinationArn"]),
        "CreationTime": call.now,
        "CreatedBy": call.caller,
    }
    return json_response(ends)


def delete_association(call: Call) -> Response:
    ends = {name: call.body[name] for name in _ENDS}
    kept = _lineage(call.backend).associations
    if kept.pop((ends["SourceArn"], ends["DestinationArn"]), None) is None:
        raise not_found("Association")
    return json_response(ends)


def list_associations(call: Call) -> Response:
    filters = {name: call.body[name] for name in _ASSOCIATION_FILTERS if name in call.body}
    found = (
        each
        for each in _lineage(call.backend).associations.values()
        if all(each[name] == value for name, value in filters.items())
    )
    return json_response(list_page(call.body, "AssociationSummaries", found))


def _lineage(backend: Any) -> Lineage:
    """Kept with moto's objects of the account, so that it goes with them."""
    kept = backend.__dict__.setdefault("lineage", Lineage())
    assert isinstance(kept, Lineage)
    return kept


def _kind(backend: Any, arn: str) -> str | None:
    """Of an artifact its own type; a job or component has the one of its ARN."""
    if artifact := _lineage(backend).artifacts.get(arn):
        return str(artifact["ArtifactType"])
    return arn.split(":")[-1].partition("/")[0] or None


def _name(backend: Any, arn: str) -> str | None:
    artifact = _lineage(backend).artifacts.get(arn)
    return artifact.get("ArtifactName") if artifact else arn.rpartition("/")[2]
