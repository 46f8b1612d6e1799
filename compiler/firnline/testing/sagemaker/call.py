"""One request to SageMaker: its parameters, moto's objects of that account, and moto's response."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from firnline.testing.responses import Response

Json: TypeAlias = dict[str, Any]

_JSON = (("Content-Type", "application/x-amz-json-1.1"),)


@dataclass(frozen=True, slots=True)
class Call:
    """`backend` is moto's, `now` UTC without a time zone, as moto has it. `caller` has the form of
    `CreatedBy`. `forward` gets moto's response to this request with another body.
    """

    operation: str
    body: Json
    backend: Any
    now: datetime
    caller: Json
    forward: Callable[[bytes], Response]

    def to_moto(self, body: Json | None = None) -> Response:
        return self.forward(json.dumps(self.body if body is None else body).encode())


class Refused(Exception):
    """SageMaker refuses the request."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> Response:
        body = {"__type": self.code, "message": str(self)}
        headers = (*_JSON, ("x-amzn-ErrorType", self.code))
        return Response(400, headers, json.dumps(body).encode())


def not_found(what: str) -> Refused:
    return Refused(f"{what} does not exist.", "ResourceNotFound")


def json_response(found: Json) -> Response:
    """Without the members that are None, as SageMaker leaves out what is not set."""
    return Response(200, _JSON, json.dumps(_told(found), default=_timestamp).encode())


def moment(value: float | str | datetime) -> datetime:
    """A time in a request (seconds since 1970), as moto keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, str):
        return moment(datetime.fromisoformat(value))
    return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)


def _told(value: Any) -> Any:
    match value:
        case dict():
            return {name: _told(each) for name, each in value.items() if each is not None}
        case list() | tuple():
            return [_told(each) for each in value]
        case _:
            return value


def _timestamp(value: object) -> float:
    """In whole milliseconds, as AWS and moto tell it."""
    assert isinstance(value, datetime), f"{value!r} has no form in JSON"
    whole = value.replace(microsecond=value.microsecond // 1000 * 1000)
    return (whole if whole.tzinfo else whole.replace(tzinfo=UTC)).timestamp()
