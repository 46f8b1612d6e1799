"""A registry to break: a table of DynamoDB that pages as AWS does, and fails in every known way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

PAGE = 10


class Fault(Enum):
    NONE = auto()
    TRUNCATES = auto()
    """The listing ends early, without a token."""

    SHRINKS = auto()
    """Items are deleted between the listing and the count."""

    GROWS = auto()
    """Items are added meanwhile."""

    REPEATS_TOKEN = auto()
    ANSWERS_EMPTY = auto()
    """`200 {}`."""

    LOSES_ITEMS = auto()
    """A page has fewer items than it says."""

    TIMES_OUT = auto()
    UNREACHABLE = auto()
    DENIED = auto()
    THROTTLED = auto()


@dataclass(slots=True)
class BrokenTable:
    """In place of boto3's client of DynamoDB. `most` is how many pages it made at a time."""

    size: int
    fault: Fault = Fault.NONE
    requests: list[dict[str, Any]] = field(default_factory=list)

    def describe_table(self, **_: Any) -> dict[str, Any]:
        return {"Table": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}}

    def scan(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        segment, segments = request["Segment"], request["TotalSegments"]
        counts = request.get("Select") == "COUNT"
        first = int(request.get("ExclusiveStartKey", {"id": {"N": "0"}})["id"]["N"])
        self._fail(first)
        size = self._size(counts) // segments + (segment < self._size(counts) % segments)
        last = min(first + PAGE, size)
        page: dict[str, Any] = {"Count": last - first}
        if not counts:
            page["Items"] = [_item(f"{segment}-{number}") for number in range(first, last)]
        if last < size:
            page["LastEvaluatedKey"] = {"id": {"N": str(last)}}
        return self._broken(page, first, counts)

    def _size(self, counts: bool) -> int:
        changed = {Fault.SHRINKS: -1, Fault.GROWS: 1}.get(self.fault, 0)
        return self.size + (changed if counts else 0)

    def _fail(self, first: int) -> None:
        """On the second page: the first was read."""
        if first == 0:
            return
        for error in _errors(self.fault):
            raise error

    def _broken(self, page: dict[str, Any], first: int, counts: bool) -> dict[str, Any]:
        match self.fault:
            case Fault.TRUNCATES if not counts and first:
                page.pop("LastEvaluatedKey", None)
            case Fault.REPEATS_TOKEN if first:
                page["LastEvaluatedKey"] = {"id": {"N": str(first)}}
            case Fault.ANSWERS_EMPTY if first:
                return {}
            case Fault.LOSES_ITEMS if not counts:
                page["Items"] = page["Items"][1:]
        return page


def _errors(fault: Fault) -> Iterator[Exception]:
    endpoint = "https://dynamodb.us-east-1.amazonaws.com"
    match fault:
        case Fault.TIMES_OUT:
            yield ReadTimeoutError(endpoint_url=endpoint)
        case Fault.UNREACHABLE:
            yield EndpointConnectionError(endpoint_url=endpoint)
        case Fault.DENIED:
            yield _refusal("AccessDeniedException", "not authorized to perform: dynamodb:Scan")
        case Fault.THROTTLED:
            yield _refusal("ProvisionedThroughputExceededException", "the level was exceeded")
        case _:
            return


def _refusal(code: str, text: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": text}}, "Scan")


def _item(name: str) -> dict[str, dict[str, str]]:
    return {"id": {"S": name}, "uri": {"S": f"s3://acme/m/{name}"}}
