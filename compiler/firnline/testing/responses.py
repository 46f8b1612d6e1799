"""HTTP responses: status, headers and body; errors in the format of S3 and of STS."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from wsgiref.types import StartResponse

from firnline.s3.xml_tree import Element, write_xml

_STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def dated(self, now: datetime) -> Response:
        """By S3's clock, from which clients learn when something was listed."""
        others = (each for each in self.headers if each[0].lower() != "date")
        return replace(self, headers=(*others, ("Date", format_datetime(now, usegmt=True))))

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        headers = list(self.headers)
        if not any(name.lower() == "content-length" for name, _ in headers):
            headers.append(("Content-Length", str(len(self.body))))
        start_response(f"{self.status} {_reason(self.status)}", headers)
        return [self.body]


def s3_response(status: int, body: str = "", headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """With the two identifiers that S3 puts on every response."""
    return _s3_response(status, body, headers, _request_id(), _host_id())


def s3_error(
    status: int, code: str, message: str, details: tuple[tuple[str, str], ...] = ()
) -> Response:
    """S3's error document (S3 API, Error responses); `details`: elements such as `BucketName`."""
    request_id, host_id = _request_id(), _host_id()
    elements = (
        ("Code", code),
        ("Message", message),
        *details,
        ("RequestId", request_id),
        ("HostId", host_id),
    )
    document = Element("Error", children=tuple(Element(*each) for each in elements))
    return _s3_response(status, write_xml(document, namespace=""), (), request_id, host_id)


def query_error(status: int, code: str, message: str) -> Response:
    """An error of the services with AWS's query protocol: STS, IAM."""
    blame = "Sender" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"
    error = (Element("Type", blame), Element("Code", code), Element("Message", message))
    document = Element(
        "ErrorResponse",
        children=(Element("Error", children=error), Element("RequestId", _request_id())),
    )
    body = write_xml(document, _STS_NAMESPACE, declared=False)
    return Response(status, (("Content-Type", "text/xml"),), body.encode())


def _s3_response(
    status: int,
    body: str,
    headers: tuple[tuple[str, str], ...],
    request_id: str,
    host_id: str,
) -> Response:
    content_type = (("Content-Type", "application/xml"),) if body else ()
    identifiers = (("x-amz-request-id", request_id), ("x-amz-id-2", host_id))
    return Response(status, (*identifiers, *headers, *content_type), body.encode())


def _request_id() -> str:
    return secrets.token_hex(8).upper()


def _host_id() -> str:
    return base64.b64encode(secrets.token_bytes(56)).decode()


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # an injected fault may have a status without a name
        return "Unknown"
