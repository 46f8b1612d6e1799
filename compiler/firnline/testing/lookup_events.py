"""CloudTrail's LookupEvents: the event history of an account in one region, a page at a time."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from firnline.testing.aws_request import AwsRequest
from firnline.testing.event_history import EventHistory, found_in, told
from firnline.testing.moto_process import find_bucket
from firnline.testing.responses import Response

_JSON: Final = (("Content-Type", "application/x-amz-json-1.1"),)
_KEPT: Final = timedelta(days=90)
_LARGEST: Final = 50
_A_SECOND: Final = 2
"""API reference, LookupEvents: requests, for each account and region."""


@dataclass(slots=True)
class Lookups:
    """Keeps count of the requests, of which CloudTrail takes two a second."""

    history: EventHistory = field(default_factory=EventHistory)
    _recent: dict[tuple[str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_A_SECOND))
    )

    def note(self, request: AwsRequest, response: Response, now: datetime) -> None:
        self.history.note(request, response, find_bucket(request.bucket), now)

    def respond(self, request: AwsRequest, now: datetime) -> Response:
        if self._is_too_fast(request):
            return json_error(400, "ThrottlingException", "Rate exceeded")
        body = json.loads(request.body or b"{}")
        size = body.get("MaxResults", _LARGEST)
        if not 1 <= size <= _LARGEST:
            return json_error(400, "InvalidMaxResultsException", "maxResults must be from 1 to 50")
        if len(body.get("LookupAttributes", ())) > 1:
            return json_error(
                400, "InvalidLookupAttributesException", "You can only specify one attribute"
            )
        return self._page(request, body, size, now)

    def _page(
        self, request: AwsRequest, body: dict[str, Any], size: int, now: datetime
    ) -> Response:
        oldest = now - _KEPT
        since = max(oldest, _moment(body["StartTime"])) if "StartTime" in body else oldest
        until = _moment(body["EndTime"]) if "EndTime" in body else now
        events = map(told, found_in(self.history, request.account, request.region, since, until))
        found = [each for each in events if _matches(each, body)]
        begin = _offset(body.get("NextToken"))
        page: dict[str, Any] = {"Events": found[begin : begin + size]}
        if begin + size < len(found):
            page["NextToken"] = urlsafe_b64encode(str(begin + size).encode()).decode()
        return Response(200, _JSON, json.dumps(page).encode())

    def _is_too_fast(self, request: AwsRequest) -> bool:
        recent = self._recent[request.account, request.region]
        now = time.monotonic()
        if len(recent) == _A_SECOND and now - recent[0] < 1:
            return True
        recent.append(now)
        return False


def _matches(event: dict[str, Any], body: dict[str, Any]) -> bool:
    for wanted in body.get("LookupAttributes", ()):
        key, value = wanted["AttributeKey"], wanted["AttributeValue"]
        resource = event["Resources"][0]
        if key in ("ResourceName", "ResourceType"):
            return bool(resource[key] == value)
        return bool(event.get(key) == value)
    return True


def json_error(status: int, code: str, message: str) -> Response:
    body = json.dumps({"__type": code, "message": message}).encode()
    return Response(status, (*_JSON, ("x-amzn-ErrorType", code)), body)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _offset(token: str | None) -> int:
    return int(urlsafe_b64decode(token)) if token else 0
