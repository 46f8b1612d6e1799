"""Plans and states as Terraform writes them, to be checked."""

from __future__ import annotations

import json
from typing import Any

from firnline.diagnostics.kinds import Diagnostic
from firnline.lint import NOTHING_SAID, Circumstances
from firnline.lint.check import check_lifecycle_file

LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
SDK, FRAMEWORK = 0, 1
"""Versions of the schema of that resource: before and from 5.86 of the provider on."""


def rule(**members: Any) -> dict[str, Any]:
    """With every block and attribute, as plans have them."""
    return {
        "id": "expire",
        "status": "Enabled",
        "prefix": None,
        "filter": [],
        "expiration": [],
        "transition": [],
        "noncurrent_version_expiration": [],
        "noncurrent_version_transition": [],
        "abort_incomplete_multipart_upload": [],
        **members,
    }


def filter_block(**members: Any) -> list[dict[str, Any]]:
    unset = {"object_size_greater_than": None, "object_size_less_than": None, "prefix": None}
    return [{"and": [], "tag": [], **unset, **members}]


def expiration(**members: Any) -> list[dict[str, Any]]:
    return [{"date": None, "days": None, "expired_object_delete_marker": None, **members}]


def resource(
    address: str = f"{LIFECYCLE}.logs", schema_version: int = FRAMEWORK, **values: Any
) -> dict[str, Any]:
    bare = address.rsplit("module.", 1)[-1]
    type = next(each for each in bare.split(".") if each.startswith(("aws", "google")))
    return {
        "address": address,
        "mode": "managed",
        "type": type,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": schema_version,
        "values": values,
    }


def lifecycle(
    *rules: Any, address: str = f"{LIFECYCLE}.logs", schema_version: int = FRAMEWORK, **values: Any
) -> dict[str, Any]:
    return resource(address, schema_version, rule=list(rules), **values)


def plan(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.1",
        "planned_values": {"root_module": {"resources": list(resources)}},
        **members,
    }


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    values = {"root_module": {"resources": list(resources)}}
    return {"format_version": "1.0", "terraform_version": "1.11.1", "values": values}


def change(address: str, *actions: str, **members: Any) -> dict[str, Any]:
    type = resource(address)["type"]
    changed = {"actions": list(actions), "before": None, "after": None, **members}
    return {"address": address, "mode": "managed", "type": type, "change": changed}


def found_in_file(
    document: Any, said: Circumstances = NOTHING_SAID, path: str = "plan.json"
) -> tuple[Diagnostic, ...]:
    return check_lifecycle_file(json.dumps(document, indent=1).encode(), path, said)


def codes(document: Any, said: Circumstances = NOTHING_SAID, path: str = "plan.json") -> list[str]:
    return sorted(each.kind.code for each in found_in_file(document, said, path))
