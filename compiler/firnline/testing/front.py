"""A WSGI middleware before moto: what moto knows it answers, what it loses is answered here.

Access and existence are moto's to decide: before a lifecycle is read or written, the same
caller asks moto for something else of the same bucket, and a refusal is passed on as it is.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.s3.models import s3_backends
from werkzeug.test import run_wsgi_app

from firnline.testing import lifecycle
from firnline.testing.answers import Answer, query_error, s3_error
from firnline.testing.aws_request import AwsRequest, read_request
from firnline.testing.bucket_list import answer_list_buckets
from firnline.testing.faults import WRITES, BadFault, Fault, Faults, read_fault
from firnline.testing.lifecycle_law import law
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.moto_process import (
    PARTITION,
    BytesNotKept,
    find_bucket,
    initiated,
    role_exists,
)
from firnline.testing.requests_log import RequestsLog

OWN_PATH = "/_firnline/"
_UPLOAD = re.compile(r"<Upload>.*?</Upload>", re.DOTALL)
_UPLOAD_ID = re.compile(r"<UploadId>(.*?)</UploadId>")
_INITIATED = re.compile(r"(?<=<Initiated>).*?(?=</Initiated>)")


@dataclass(slots=True)
class Front:
    """`world` is what GET /_firnline/world answers."""

    moto: WSGIApplication
    world: Mapping[str, Any]
    log: RequestsLog = field(default_factory=RequestsLog)
    judge: lifecycle.Judge = law
    lifecycles: LifecycleStore = field(default_factory=LifecycleStore)
    faults: Faults = field(default_factory=Faults)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ.get("PATH_INFO", "").startswith(OWN_PATH):
            return self._answer_own(environ, body).send(start_response)
        began = time.monotonic()
        request = read_request(environ, body)
        answer = self._meet_fault(request) or self._answer(request, environ)
        self.log.add(request, answer.status, time.monotonic() - began)
        return answer.send(start_response)

    def _answer(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        match request.operation:
            case operation if request.service == "s3" and operation in lifecycle.OPERATIONS:
                return self._answer_lifecycle(request, environ)
            case "ListBuckets" if request.service == "s3":
                refusal = _unless_ok(self._ask(environ, request.body, QUERY_STRING=""))
                owned = s3_backends[request.account][PARTITION].buckets.values()
                return refusal or answer_list_buckets(request, tuple(owned))
            case "ListMultipartUploads":
                return _with_dates(request.bucket, self._ask(environ, request.body))
            case "CreateMultipartUpload":
                answer = self._ask(environ, request.body)
                _date_uploads(request.bucket)
                return answer
            case "AssumeRole" if not role_exists(request.role):
                return _refuse_role(request)
            case "DeleteBucket":
                answer = self._ask(environ, request.body)
                if answer.status == 204:
                    self.lifecycles.forget(request.bucket)
                return answer
            case _:
                return self._ask(environ, request.body)

    def _answer_lifecycle(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        refusal = _unless_ok(
            self._ask(environ, b"", REQUEST_METHOD="GET", QUERY_STRING="versioning")
        )
        if refusal or (refusal := _refuse_wrong_owner(request)):
            return refusal
        match request.method:
            case "PUT":
                answer = lifecycle.put(request, self.lifecycles, self.judge)
            case "DELETE":
                answer = lifecycle.delete(request.bucket, self.lifecycles)
            case _:
                stale = self.faults.take_stale(request)
                read = self.lifecycles.previous if stale else self.lifecycles.current
                answer = lifecycle.get(request.bucket, read(request.bucket))
        if request.operation in WRITES and answer.status < 300:
            self.faults.note_write(request.bucket)
        return answer

    def _meet_fault(self, request: AwsRequest) -> Answer | None:
        fault = self.faults.take(request)
        if fault is None:
            return None
        time.sleep(fault.delay_seconds)
        return _failure(fault, request) if fault.status else None

    def _ask(self, environ: WSGIEnvironment, body: bytes, **changes: str) -> Answer:
        """What moto answers to this request, or to one that differs from it in `changes`."""
        asked = {**environ, **changes}
        if changes:
            asked["RAW_URI"] = asked["REQUEST_URI"] = _uri(asked)
        asked["wsgi.input"] = io.BytesIO(body)
        asked["CONTENT_LENGTH"] = str(len(body))
        try:
            chunks, status, headers = run_wsgi_app(self.moto, asked, buffered=True)
        except BytesNotKept as error:
            return s3_error(501, "NotImplemented", str(error))
        return Answer(int(status.split()[0]), tuple(headers.items()), b"".join(chunks))

    def _answer_own(self, environ: WSGIEnvironment, body: bytes) -> Answer:
        match environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(OWN_PATH):
            case "GET", "world":
                return _json(200, dict(self.world))
            case "GET", "faults":
                return _json(200, [asdict(fault) for fault in self.faults.pending])
            case "POST", "faults":
                return self._add_fault(body)
            case "DELETE", "faults":
                self.faults.clear()
                return Answer(204)
            case method, name:
                return _json(404, {"error": f"nothing answers to {method} {OWN_PATH}{name}"})

    def _add_fault(self, body: bytes) -> Answer:
        try:
            fault = read_fault(json.loads(body))
        except (ValueError, BadFault) as error:
            return _json(400, {"error": str(error)})
        self.faults.add(fault)
        return _json(201, asdict(fault))


def _unless_ok(answer: Answer) -> Answer | None:
    return None if answer.status < 300 else answer


def _uri(environ: WSGIEnvironment) -> str:
    path = str(environ.get("RAW_URI", environ["PATH_INFO"])).partition("?")[0]
    query = environ["QUERY_STRING"]
    return f"{path}?{query}" if query else path


def _refuse_wrong_owner(request: AwsRequest) -> Answer | None:
    expected = request.headers.get("x-amz-expected-bucket-owner")
    bucket = find_bucket(request.bucket)
    if expected is None or bucket is None or bucket.account_id == expected:
        return None
    return s3_error(403, "AccessDenied", "Access Denied")


def _refuse_role(request: AwsRequest) -> Answer:
    """AWS does not tell a role that is missing from one that may not be assumed; moto takes any."""
    return query_error(
        403,
        "AccessDenied",
        f"User: arn:{PARTITION}:iam::{request.account}:user/engineer is not authorized to "
        f"perform: sts:AssumeRole on resource: {request.role}",
    )


def _failure(fault: Fault, request: AwsRequest) -> Answer:
    error = s3_error if request.service == "s3" else query_error
    return error(fault.status, fault.code or "InternalError", fault.message or "injected")


def _date_uploads(name: str) -> None:
    bucket = find_bucket(name)
    for upload in list(bucket.multiparts.values()) if bucket else ():
        initiated(upload)


def _with_dates(name: str, answer: Answer) -> Answer:
    """moto says that every upload began on 2010-11-10."""
    bucket = find_bucket(name)
    if bucket is None or answer.status != 200:
        return answer
    dates = {upload.id: initiated(upload) for upload in list(bucket.multiparts.values())}

    def corrected(upload: re.Match[str]) -> str:
        named = _UPLOAD_ID.search(upload[0])
        when = dates.get(named[1]) if named else None
        if when is None:
            return upload[0]
        return _INITIATED.sub(when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"), upload[0])

    body = _UPLOAD.sub(corrected, answer.body.decode()).encode()
    headers = tuple(pair for pair in answer.headers if pair[0].lower() != "content-length")
    return Answer(answer.status, headers, body)


def _json(status: int, value: object) -> Answer:
    return Answer(status, (("Content-Type", "application/json"),), json.dumps(value).encode())
