"""Model packages: `SourceUri`, who made them, and DeleteModelPackage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Refused, json_response


def create_package(call: Call) -> Response:
    group = call.body.get("ModelPackageGroupName", "").rpartition("/")[2]
    with _deleted_counted(call.backend, group):
        response = call.to_moto()
    if response.status == 200:
        package = call.backend.model_packages[json.loads(response.body)["ModelPackageArn"]]
        package.source_uri = call.body.get("SourceUri")
        package.created_by = call.caller or package.created_by
    return response


def describe_package(call: Call) -> Response:
    response = call.to_moto()
    if response.status != 200:
        return response
    found = json.loads(response.body)
    return json_response({**found, "SourceUri": source_uri(call.backend, found["ModelPackageArn"])})


def source_uri(backend: Any, arn: str) -> str | None:
    uri = getattr(backend.model_packages[arn], "source_uri", None)
    assert uri is None or isinstance(uri, str)
    return uri


def delete_package(call: Call) -> Response:
    name = call.body["ModelPackageName"]
    arn = call.backend.model_package_name_mapping.get(name, name)
    package = call.backend.model_packages.pop(arn, None)
    if package is None:
        raise Refused(f"ModelPackage {name} does not exist.")
    if package.model_package_group_name:
        _deleted(call.backend)[package.model_package_group_name] += 1
    names = call.backend.model_package_name_mapping
    for each in [each for each, target in names.items() if target == arn]:
        del names[each]
    return json_response({})


@contextmanager
def _deleted_counted(backend: Any, group: str) -> Iterator[None]:
    """moto numbers a version by how many its group has, and would reuse a number for another."""
    deleted = _deleted(backend)[group] if group else 0
    stand_ins = {
        f"deleted-{each}": SimpleNamespace(model_package_group_name=group)
        for each in range(deleted)
    }
    backend.model_packages.update(stand_ins)
    try:
        yield
    finally:
        for each in stand_ins:
            del backend.model_packages[each]


def _deleted(backend: Any) -> Counter[str]:
    """How many versions of each group were deleted."""
    kept = backend.__dict__.setdefault("deleted_model_packages", Counter())
    assert isinstance(kept, Counter)
    return kept
