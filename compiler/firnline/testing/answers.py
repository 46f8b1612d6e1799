"""What goes back over the wire: status, headers and body, and errors as S3 and STS put them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from wsgiref.types import StartResponse
from xml.sax.saxutils import escape

from firnline.s3.xml_tree import S3_NAMESPACE

__all__ = ["S3_NAMESPACE", "XML_DECLARATION", "Answer", "query_error", "s3_answer", "s3_error"]

XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        headers = list(self.headers)
        if not any(name.lower() == "content-length" for name, _ in headers):
            headers.append(("Content-Length", str(len(self.body))))
        start_response(f"{self.status} {_reason(self.status)}", headers)
        return [self.body]


def s3_answer(status: int, body: str = "", headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer with the two identifiers that S3 puts on every response."""
    return _s3_answer(status, body, headers, _request_id(), _host_id())


def s3_error(
    status: int, code: str, message: str, details: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """S3's error document (S3 API, Error responses); `details`: elements such as `BucketName`."""
    request_id, host_id = _request_id(), _host_id()
    elements = (
        ("Code", code),
        ("Message", message),
        *details,
        ("RequestId", request_id),
        ("HostId", host_id),
    )
    body = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements)
    document = f"{XML_DECLARATION}<Error>{body}</Error>"
    return _s3_answer(status, document, (), request_id, host_id)


def query_error(status: int, code: str, message: str) -> Answer:
    """An error of the services that speak AWS's query protocol: STS, IAM."""
    blame = "Sender" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"
    document = (
        f'<ErrorResponse xmlns="{_STS_NAMESPACE}"><Error><Type>{blame}</Type>'
        f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{_request_id()}</RequestId></ErrorResponse>"
    )
    return Answer(status, (("Content-Type", "text/xml"),), document.encode())


def _s3_answer(
    status: int,
    body: str,
    headers: tuple[tuple[str, str], ...],
    request_id: str,
    host_id: str,
) -> Answer:
    content_type = (("Content-Type", "application/xml"),) if body else ()
    identifiers = (("x-amz-request-id", request_id), ("x-amz-id-2", host_id))
    return Answer(status, (*identifiers, *headers, *content_type), body.encode())


def _request_id() -> str:
    return secrets.token_hex(8).upper()


def _host_id() -> str:
    return base64.b64encode(secrets.token_bytes(56)).decode()


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # an injected fault may carry a status that nobody has named
        return "Unknown"
