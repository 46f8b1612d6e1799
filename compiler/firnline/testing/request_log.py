"""Every request, in order, as JSON lines in a file and as values in memory."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from firnline.testing.access.bucket_owner import EXPECTED_OWNER
from firnline.testing.aws_request import AwsRequest

_KEPT_IN_MEMORY = 10_000


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    time: str
    method: str
    service: str
    operation: str
    account: str
    bucket: str
    key: str
    status: int
    milliseconds: float
    role: str = ""
    expected_owner: str = ""
    region: str = ""


class RequestLog:
    """With a path, overwrites the file: a log belongs to one world."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = Lock()
        self._entries: deque[LoggedRequest] = deque(maxlen=_KEPT_IN_MEMORY)
        self._file = path.open("w", encoding="utf-8") if path else None

    @property
    def entries(self) -> tuple[LoggedRequest, ...]:
        with self._lock:
            return tuple(self._entries)

    def add(self, request: AwsRequest, status: int, seconds: float) -> None:
        entry = LoggedRequest(
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            method=request.method,
            service=request.service,
            operation=request.operation,
            account=request.account,
            bucket=request.bucket,
            key=request.key,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            role=request.role,
            expected_owner=request.headers.get(EXPECTED_OWNER, ""),
            region=request.region,
        )
        with self._lock:
            self._entries.append(entry)
            if self._file and not self._file.closed:  # a last request may outlive the server
                self._file.write(json.dumps(asdict(entry)) + "\n")
                self._file.flush()

    def close(self) -> None:
        with self._lock:
            if self._file:
                self._file.close()
