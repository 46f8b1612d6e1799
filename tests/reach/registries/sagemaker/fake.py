"""A SageMaker of dictionaries, as boto3 shows it: with pages, counts, and the faults of a test."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError

from firnline.fleet.accounts import Access
from firnline.reach.registries.sagemaker.resources import Resource
from firnline.reach.registries.sagemaker.source import SageMakerRegistry

NOW = datetime(2026, 11, 29, tzinfo=UTC)
ACCESS = Access("111122223333", None, "eu-west-1")
Answer = dict[str, Any]


@cache
def _operations() -> dict[str, tuple[str, str]]:
    """By the name of the method: the operation, and the list in its answer."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    found: dict[str, tuple[str, str]] = {}
    for name in model.operation_names:
        shape = model.operation_model(name).output_shape
        lists = [k for k, v in shape.members.items() if v.type_name == "list"] if shape else []
        found[xform_name(name)] = name, (lists or [""])[0]
    return found


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


CUT = "…"
"""At the end of an object of which more is stored than is answered."""


class FakeSageMaker:
    """`faults` by operation get the number of the call and the true answer."""

    def __init__(self, page: int = 2) -> None:
        self.page = page
        self.summaries: dict[str, list[tuple[Answer, Answer]]] = defaultdict(list)
        self.records: dict[str, dict[str, Answer]] = defaultdict(dict)
        self.hits: dict[str, Answer] = {}
        self.faults: dict[str, Callable[[int, Answer], Answer]] = {}
        self.calls: Counter[str] = Counter()
        self._guard = threading.Lock()

    def add(self, resource: Resource, record: Answer, **scope: str) -> None:
        summary = {field: record.get(field, record.get(name)) for name, field in resource.keys}
        self.summaries[resource.listing].append((scope, {**record, **summary}))
        self.records[resource.describe][str(summary[resource.keys[0][1]])] = record

    def __getattr__(self, method: str) -> Callable[..., Answer]:
        if method.startswith("_"):
            raise AttributeError(method)
        operation, items = _operations()[method]
        return lambda **parameters: self._answer(operation, items, parameters)

    def _answer(self, operation: str, items: str, parameters: Answer) -> Answer:
        with self._guard:
            self.calls[operation] += 1
            number = self.calls[operation]
        answer = self._true_answer(operation, items, parameters)
        fault = self.faults.get(operation)
        return fault(number, answer) if fault else answer

    def _true_answer(self, operation: str, items: str, parameters: Answer) -> Answer:
        if operation == "Search":
            return {"Results": [], "TotalHits": self.hits.get(parameters["Resource"])}
        if operation.startswith("List"):
            return self._page(operation, items, parameters)
        for value in parameters.values():
            if value in self.records[operation]:
                return self.records[operation][value]
        raise refusal("ValidationException", f"Could not find {parameters}")

    def _page(self, operation: str, items: str, parameters: Answer) -> Answer:
        found = [
            summary
            for scope, summary in self.summaries[operation]
            if all(parameters.get(name) == value for name, value in scope.items())
        ]
        if parameters.get("SortOrder") == "Descending":
            found.reverse()
        began = int(parameters.get("NextToken", "0"))
        ended = began + self.page
        token = {"NextToken": str(ended)} if ended < len(found) else {}
        return {items: found[began:ended], **token}


class FakeS3:
    def __init__(self, objects: dict[str, str]) -> None:
        self.objects = objects

    def get_object(self, Bucket: str, Key: str) -> Answer:  # as boto3 has it
        text = self.objects.get(f"s3://{Bucket}/{Key}")
        if text is None:
            raise refusal("NoSuchKey")
        if text == "denied":
            raise refusal("AccessDenied", "Access Denied")
        length = len(text.encode()) + (99 if text.endswith(CUT) else 0)
        return {"ContentLength": length, "Body": BytesIO(text.encode())}


def registry(fake: FakeSageMaker, objects: dict[str, str] | None = None) -> SageMakerRegistry:
    return SageMakerRegistry(fake, FakeS3(objects or {}), ACCESS, lambda: NOW)
