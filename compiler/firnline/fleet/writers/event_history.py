"""The writes of buckets' lifecycle in the event history of an account in one region. Reads AWS."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from firnline.fleet.accounts import Access, Clients, requesting
from firnline.fleet.writers.events import EVENTS, LifecycleWrite, read_event

PERMISSION: Final = "cloudtrail:LookupEvents"
KEPT: Final = timedelta(days=90)
"""For so long CloudTrail keeps management events, without a trail (API reference, LookupEvents)."""
_A_SECOND: Final = 2
"""Requests, for each account and region (the same page)."""
_PAGE: Final = 50


@dataclass(slots=True)
class Pace:
    """Lets through so many requests as CloudTrail takes."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last: float | None = field(default=None, init=False)

    def wait(self) -> None:
        now = self.clock()
        if self._last is not None and (left := self._last + 1 / _A_SECOND - now) > 0:
            self.sleep(left)
            now += left
        self._last = now


def look_up_writes(
    clients: Clients, access: Access, since: datetime, pace: Pace
) -> Iterator[LifecycleWrite]:
    """Those of all buckets, in the order of time for each event name. By the name of the event:
    by that of a bucket, CloudTrail would list all that reads it too. Raises `NoAccess`.
    """
    client = clients.client("cloudtrail", access)
    for name in EVENTS:
        records = list(_records(client, access, name, since, pace))
        yield from filter(None, map(read_event, reversed(records)))


def _records(
    client: Any, access: Access, name: str, since: datetime, pace: Pace
) -> Iterator[object]:
    """The newest first."""
    request = {
        "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}],
        "StartTime": since,
        "MaxResults": _PAGE,
    }
    while True:
        pace.wait()
        with requesting(access.account_id, PERMISSION, access.role_arn):
            page = client.lookup_events(**request)
        for each in page["Events"]:
            yield json.loads(each["CloudTrailEvent"])
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]
