"""The requests to SageMaker that reading runs takes; whoever sends them words what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeAlias

Record: TypeAlias = Mapping[str, Any]


class Calls(Protocol):
    """All of them read. What they raise passes through."""

    def call(self, operation: str, **parameters: Any) -> Record: ...

    def items(self, operation: str, key: str, **parameters: Any) -> Iterator[Record]:
        """Of all pages: only the absence of a token is the end, and one seen twice is an error."""
        ...

    def find(self, operation: str, **parameters: Any) -> Record | None:
        """None where what is named does not exist."""
        ...


class MetricCalls(Protocol):
    """A boto3 client `sagemaker-metrics`, or what wraps one."""

    def batch_get_metrics(self, *, MetricQueries: list[dict[str, Any]]) -> Record: ...
