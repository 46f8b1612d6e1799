"""A WSGI middleware before moto: what moto knows it answers, what it loses is answered here.

Access and existence are moto's to decide: before a lifecycle is read or written, the same
caller asks moto for something else of the same bucket, and a refusal is passed on as it is.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.s3.models import FakeBucket, s3_backends
from werkzeug.test import run_wsgi_app

from firnline.testing import lifecycle
from firnline.testing.answers import Answer, query_error, s3_answer, s3_error
from firnline.testing.aws_request import AwsRequest, read_request
from firnline.testing.bucket_list import answer_list_buckets
from firnline.testing.clock import BadTurn
from firnline.testing.clock_requests import read_turn, write_advanced, write_clock
from firnline.testing.faults import WRITES, BadFault, Fault, Faults, read_fault
from firnline.testing.lifecycle_law import law
from firnline.testing.lifecycle_rules import UnreadableRules
from firnline.testing.moto_process import (
    PARTITION,
    BytesNotKept,
    find_bucket,
    role_exists,
)
from firnline.testing.object_deletes import Target, answer_delete, answer_delete_many
from firnline.testing.object_tags import has_no_tags
from firnline.testing.requests_log import RequestsLog
from firnline.testing.suspended import OBJECT_WRITES, answer_suspended
from firnline.testing.turning import Turning
from firnline.testing.upload_dates import beginning, date_completed, date_uploads, with_dates

OWN_PATH = "/_firnline/"


@dataclass(slots=True)
class Front:
    """`world` is what GET /_firnline/world answers."""

    moto: WSGIApplication
    world: Mapping[str, Any]
    turning: Turning
    log: RequestsLog = field(default_factory=RequestsLog)
    judge: lifecycle.Judge = law
    faults: Faults = field(default_factory=Faults)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ.get("PATH_INFO", "").startswith(OWN_PATH):
            return self._answer_own(environ, body).send(start_response)
        began = time.monotonic()
        request = read_request(environ, body)
        answer = self._meet_fault(request)
        if answer is None:
            with self.turning.lock:  # no request sees half a turn of the clock
                answer = self._answer(request, environ)
        self.log.add(request, answer.status, time.monotonic() - began)
        return answer.send(start_response)

    def _answer(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        bucket = find_bucket(request.bucket)
        if bucket is None or request.operation not in OBJECT_WRITES:
            return self._answer_as_named(request, environ)
        began = beginning(bucket, request.query.get("uploadId", ""), self.turning.clock.now())
        if bucket.versioning_status == "Suspended":
            answer = answer_suspended(bucket, lambda: self._write(bucket, request, environ))
        else:
            answer = self._write(bucket, request, environ)
        if began and answer.status == 200 and request.operation == "CompleteMultipartUpload":
            date_completed(bucket, request.key, began)
        return answer

    def _write(self, bucket: FakeBucket, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        def delete(target: Target) -> Answer:
            return self._ask(environ, b"", **_delete_of(bucket.name, target))

        match request.operation:
            case "DeleteObject":
                version, etag = request.query.get("versionId"), request.headers.get("if-match")
                return answer_delete(bucket, Target(request.key, version, etag), delete)
            case "DeleteObjects":
                refusal = self._refuse_access(environ)
                return refusal or answer_delete_many(bucket, request.body, delete)
            case _:
                return self._ask(environ, request.body)

    def _refuse_access(self, environ: WSGIEnvironment) -> Answer | None:
        """What moto answers where the caller may not read the bucket or there is none."""
        bucket = "/" + environ["PATH_INFO"].strip("/").partition("/")[0]
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": bucket, "RAW_URI": bucket}
        return _unless_ok(self._ask(environ, b"", QUERY_STRING="versioning", **asked))

    def _put_object_tagging(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        """An empty set of tags takes all away; moto crashes at it."""
        if not has_no_tags(request.body):
            return self._ask(environ, request.body)
        refusal = _unless_ok(self._ask(environ, b"", REQUEST_METHOD="GET"))
        refusal = refusal or _unless_ok(self._ask(environ, b"", REQUEST_METHOD="DELETE"))
        return refusal or s3_answer(200)

    def _answer_as_named(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        match request.operation:
            case operation if request.service == "s3" and operation in lifecycle.OPERATIONS:
                return self._answer_lifecycle(request, environ)
            case "ListBuckets" if request.service == "s3":
                refusal = _unless_ok(self._ask(environ, request.body, QUERY_STRING=""))
                owned = s3_backends[request.account][PARTITION].buckets.values()
                return refusal or answer_list_buckets(request, tuple(owned))
            case "ListMultipartUploads":
                answer = self._ask(environ, request.body)
                return with_dates(request.bucket, answer, self.turning.clock.now())
            case "CreateMultipartUpload":
                answer = self._ask(environ, request.body)
                date_uploads(request.bucket, self.turning.clock.now())
                return answer
            case "PutObjectTagging":
                return self._put_object_tagging(request, environ)
            case "CreateBucket":
                return self._create_bucket(request, environ)
            case "AssumeRole" if not role_exists(request.role):
                return _refuse_role(request)
            case "DeleteBucket":
                answer = self._ask(environ, request.body)
                if answer.status == 204:
                    self.turning.lifecycles.forget(request.bucket)
                return answer
            case _:
                return self._ask(environ, request.body)

    def _answer_lifecycle(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        refusal = self._refuse_access(environ)
        if refusal or (refusal := _refuse_wrong_owner(request)):
            return refusal
        match request.method:
            case "PUT":
                answer = lifecycle.put(request, self.turning.lifecycles, self.judge)
            case "DELETE":
                answer = lifecycle.delete(request.bucket, self.turning.lifecycles)
            case _:
                stale = self.faults.take_stale(request)
                read = (
                    self.turning.lifecycles.previous if stale else self.turning.lifecycles.current
                )
                answer = lifecycle.get(request.bucket, read(request.bucket))
        if request.operation in WRITES and answer.status < 300:
            self.faults.note_write(request.bucket)
        return answer

    def _create_bucket(self, request: AwsRequest, environ: WSGIEnvironment) -> Answer:
        is_new = find_bucket(request.bucket) is None
        answer = self._ask(environ, request.body)
        if is_new and (bucket := find_bucket(request.bucket)):
            bucket.creation_date = self.turning.clock.now()
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
            case "GET", "clock":
                clock = self.turning.clock
                return _json(200, write_clock(clock.now(), self.turning.started))
            case "POST", "advance":
                return self._advance(body)
            case method, name:
                return _json(404, {"error": f"nothing answers to {method} {OWN_PATH}{name}"})

    def _advance(self, body: bytes) -> Answer:
        try:
            done = self.turning.advance(*read_turn(body))
        except (BadTurn, UnreadableRules) as error:
            return _json(400, {"error": str(error)})
        return _json(200, write_advanced(done))

    def _add_fault(self, body: bytes) -> Answer:
        try:
            fault = read_fault(json.loads(body))
        except (ValueError, BadFault) as error:
            return _json(400, {"error": str(error)})
        self.faults.add(fault)
        return _json(201, asdict(fault))


def _unless_ok(answer: Answer) -> Answer | None:
    return None if answer.status < 300 else answer


def _delete_of(bucket: str, target: Target) -> dict[str, str]:
    """What tells DeleteObject of one target from the request that asks for it, in WSGI's terms."""
    path = f"/{bucket}/{target.key}".encode()
    version = "" if target.version is None else urlencode({"versionId": target.version})
    return {
        "REQUEST_METHOD": "DELETE",
        "PATH_INFO": path.decode("latin-1"),
        "RAW_URI": quote(path),
        "QUERY_STRING": version,
        "HTTP_IF_MATCH": "",
    }


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


def _json(status: int, value: object) -> Answer:
    return Answer(status, (("Content-Type", "application/json"),), json.dumps(value).encode())
