"""WSGI middleware in front of moto: handles what moto does not do as S3 does, forwards the rest.

moto decides about access and existence: before a lifecycle is read or written, another request of
the same caller for the same bucket is sent to moto, and its refusal is returned unchanged.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.s3.models import FakeBucket, s3_backends
from werkzeug.test import run_wsgi_app

from firnline.s3.terms import Versioning
from firnline.testing import inventory_requests, lifecycle
from firnline.testing.access.enforce import refusal_of, refuse_deletion
from firnline.testing.access.simulate import simulate
from firnline.testing.account_requests import BadAccounts, open_accounts, read_accounts
from firnline.testing.advance_requests import read_advance, write_clock, write_report
from firnline.testing.aws_request import AwsRequest, read_request
from firnline.testing.bucket_list import list_buckets_response
from firnline.testing.emulated_clock import BadAdvance
from firnline.testing.emulator_state import EmulatorState
from firnline.testing.expiry_dates import ExpiryDates
from firnline.testing.faults import WRITES, BadFault, Fault, read_fault
from firnline.testing.http_server import NoAnswer
from firnline.testing.inventory_requests import BadFormat, read_format
from firnline.testing.lifecycle_law import law
from firnline.testing.lifecycle_rules import UnreadableRules
from firnline.testing.moto_process import (
    PARTITION,
    BytesNotKept,
    find_bucket,
    versioning_of,
)
from firnline.testing.object_deletes import Target, delete_object, delete_objects
from firnline.testing.object_requests import BadObjects, put_objects, read_objects
from firnline.testing.object_tags import has_no_tags
from firnline.testing.pending_faults import Faults
from firnline.testing.refusals import refuse
from firnline.testing.request_log import RequestLog
from firnline.testing.responses import Response, s3_error, s3_response
from firnline.testing.rewritten import rewritten
from firnline.testing.sagemaker import respond as sagemaker
from firnline.testing.sagemaker.change import change, read_change
from firnline.testing.suspended_versioning import OBJECT_WRITES, write_suspended
from firnline.testing.upload_dates import beginning, date_completed, date_uploads, with_dates
from firnline.testing.version_list import list_versions_response

OWN_PATH = "/_firnline/"


@dataclass(slots=True)
class Middleware:
    """`world` is the body of GET /_firnline/world."""

    moto: WSGIApplication
    world: Mapping[str, Any]
    state: EmulatorState
    log: RequestLog = field(default_factory=RequestLog)
    judge: lifecycle.Judge = law
    faults: Faults = field(default_factory=Faults)
    _expiry: ExpiryDates = field(init=False)

    def __post_init__(self) -> None:
        self._expiry = ExpiryDates(self.state.lifecycles, self.faults)
        self.state.inventories.expiry = self._expiry.in_inventory

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ.get("PATH_INFO", "").startswith(OWN_PATH):
            return self._respond_own(environ, body).send(start_response)
        began = time.monotonic()
        request = read_request(environ, body)
        fault = self.faults.take(request)
        lost = fault.connection if fault else ""
        response = self._apply_fault(fault, request)
        if response is None and not (fault and lost and not fault.carried_out):
            with self.state.lock:  # no request sees the clock half advanced
                response = self._respond(request, environ)
                response = self._expiry.added(request, response, self.state.clock.now())
                self.state.trail.note(request, response, self.state.clock.now())
        seen = 0 if lost or response is None else response.status
        self.log.add(request, seen, time.monotonic() - began)
        if lost or response is None:
            raise NoAnswer(lost)
        if request.service == "s3":
            response = response.dated(self.state.clock.now())
        return response.send(start_response)

    def _respond(self, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        return refusal_of(request) or self._respond_allowed(request, environ)

    def _respond_allowed(self, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        bucket = find_bucket(request.bucket)
        if bucket is None or request.operation not in OBJECT_WRITES:
            return self._respond_by_operation(request, environ)
        began = beginning(bucket, request.query.get("uploadId", ""), self.state.clock.now())
        if versioning_of(bucket) is Versioning.SUSPENDED:
            response = write_suspended(bucket, lambda: self._write(bucket, request, environ))
        else:
            response = self._write(bucket, request, environ)
        if began and response.status == 200 and request.operation == "CompleteMultipartUpload":
            date_completed(bucket, request.key, began)
        return response

    def _write(self, bucket: FakeBucket, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        def delete(target: Target) -> Response:
            return self._forward(environ, b"", **_delete_of(bucket.name, target))

        match request.operation:
            case "DeleteObject":
                version, etag = request.query.get("versionId"), request.headers.get("if-match")
                return delete_object(bucket, Target(request.key, version, etag), delete)
            case "DeleteObjects":
                refusal = self._refuse_access(environ)
                return refusal or delete_objects(
                    bucket, request.body, delete, partial(refuse_deletion, request)
                )
            case _:
                return self._forward(environ, request.body)

    def _refuse_access(self, environ: WSGIEnvironment) -> Response | None:
        """moto's refusal where the caller may not read the bucket or there is none."""
        bucket = "/" + environ["PATH_INFO"].strip("/").partition("/")[0]
        forwarded = {"REQUEST_METHOD": "GET", "PATH_INFO": bucket, "RAW_URI": bucket}
        return _unless_ok(self._forward(environ, b"", QUERY_STRING="versioning", **forwarded))

    def _put_object_tagging(self, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        """An empty set removes all tags; moto crashes on it."""
        if not has_no_tags(request.body):
            return self._forward(environ, request.body)
        refusal = _unless_ok(self._forward(environ, b"", REQUEST_METHOD="GET"))
        refusal = refusal or _unless_ok(self._forward(environ, b"", REQUEST_METHOD="DELETE"))
        return refusal or s3_response(200)

    def _respond_by_operation(self, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        match request.operation:
            case operation if request.service == "s3" and operation in lifecycle.OPERATIONS:
                return self._respond_lifecycle(request, environ)
            case operation if (
                request.service == "s3" and operation in inventory_requests.OPERATIONS
            ):
                refusal = self._refuse_access(environ)
                store = self.state.inventories.store
                return refusal or inventory_requests.respond(request, store)
            case "ListBuckets" if request.service == "s3":
                refusal = _unless_ok(self._forward(environ, request.body, QUERY_STRING=""))
                owned = s3_backends[request.account][PARTITION].buckets.values()
                return refusal or list_buckets_response(request, tuple(owned))
            case "ListObjectVersions" if bucket := find_bucket(request.bucket):
                return self._refuse_access(environ) or list_versions_response(request, bucket)
            case "ListMultipartUploads":
                response = self._forward(environ, request.body)
                return with_dates(request.bucket, response, self.state.clock.now())
            case "CreateMultipartUpload":
                response = self._forward(environ, request.body)
                date_uploads(request.bucket, self.state.clock.now())
                return response
            case "PutObjectTagging":
                return self._put_object_tagging(request, environ)
            case "CreateBucket":
                return self._create_bucket(request, environ)
            case "SimulatePrincipalPolicy" if request.service == "iam":
                return simulate(request)
            case "DeleteBucket":
                response = self._forward(environ, request.body)
                if response.status == 204:
                    self.state.lifecycles.forget(request.bucket)
                    self.state.inventories.store.forget(request.bucket)
                return response
            case _ if request.service == "sagemaker":
                return sagemaker.respond(
                    request,
                    self.state.clock.naive_now(),
                    lambda body: self._forward(environ, body),
                )
            case "LookupEvents" if request.service == "cloudtrail":
                return self.state.trail.respond(request, self.state.clock.now())
            case _ if request.service == "monitoring":
                self.state.metrics.asked = request.body
                return self._forward(environ, request.body)
            case _:
                return self._forward(environ, request.body)

    def _respond_lifecycle(self, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        if refusal := self._refuse_access(environ):
            return refusal
        self._let_others_write(request.bucket)
        match request.method:
            case "PUT":
                response = lifecycle.put(request, self.state.lifecycles, self.judge)
            case "DELETE":
                response = lifecycle.delete(request.bucket, self.state.lifecycles)
            case _:
                stale = self.faults.take_stale(request)
                read = self.state.lifecycles.previous if stale else self.state.lifecycles.current
                found = read(request.bucket)
                if found is not None and (turn := self.faults.take_rewritten(request)):
                    found = rewritten(found, turn)
                response = lifecycle.get(request.bucket, found)
        if request.operation in WRITES and response.status < 300:
            self.faults.note_write(request.bucket)
        return response

    def _let_others_write(self, bucket: str) -> None:
        owned, store = find_bucket(bucket), self.state.lifecycles
        for writer in self.faults.writers(bucket) if owned else ():
            assert owned is not None
            for put in writer.due(self.faults.now(), owned.account_id, store.current(bucket)):
                response = lifecycle.put(put, store, self.judge)
                self.state.trail.note(put, response, self.state.clock.now())

    def _create_bucket(self, request: AwsRequest, environ: WSGIEnvironment) -> Response:
        is_new = find_bucket(request.bucket) is None
        response = self._forward(environ, request.body)
        if is_new and (bucket := find_bucket(request.bucket)):
            bucket.creation_date = self.state.clock.now()
        return response

    def _apply_fault(self, fault: Fault | None, request: AwsRequest) -> Response | None:
        if fault is not None:
            time.sleep(fault.delay_seconds)
        if fault is not None and fault.status:
            code, message = fault.code or "InternalError", fault.message or "injected"
            return refuse(request, fault.status, code, message)
        return self.faults.lost_access.refuse(request)

    def _forward(self, environ: WSGIEnvironment, body: bytes, **changes: str) -> Response:
        """moto's response to this request, or to one that differs from it in `changes`."""
        forwarded = {**environ, **changes}
        if changes:
            forwarded["RAW_URI"] = forwarded["REQUEST_URI"] = _uri(forwarded)
        forwarded["wsgi.input"] = io.BytesIO(body)
        forwarded["CONTENT_LENGTH"] = str(len(body))
        try:
            chunks, status, headers = run_wsgi_app(self.moto, forwarded, buffered=True)
        except BytesNotKept as error:
            return s3_error(501, "NotImplemented", str(error))
        return Response(int(status.split()[0]), tuple(headers.items()), b"".join(chunks))

    def _respond_own(self, environ: WSGIEnvironment, body: bytes) -> Response:
        match environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(OWN_PATH):
            case "GET", "world":
                return _json(200, dict(self.world))
            case "GET", "faults":
                return _json(200, [asdict(fault) for fault in self.faults.pending])
            case "POST", "faults":
                return self._add_fault(body)
            case "DELETE", "faults":
                self.faults.clear()
                return Response(204)
            case "GET", "clock":
                clock = self.state.clock
                return _json(200, write_clock(clock.now(), self.state.started))
            case "POST", "accounts":
                return self._open_accounts(body)
            case "POST", "advance":
                return self._advance(body)
            case "POST", "inventories":
                return self._deliver_inventories(body)
            case "POST", "objects":
                return self._put_objects(body)
            case "POST", "sagemaker":
                return self._change_sagemaker(body)
            case method, name:
                return _json(404, {"error": f"there is no {method} {OWN_PATH}{name}"})

    def _advance(self, body: bytes) -> Response:
        try:
            done = self.state.advance(*read_advance(body))
        except (BadAdvance, UnreadableRules) as error:
            return _json(400, {"error": str(error)})
        return _json(200, write_report(done))

    def _deliver_inventories(self, body: bytes) -> Response:
        try:
            form = read_format(body)
            return _json(200, self.state.deliver_inventories(form))
        except (BadFormat, ModuleNotFoundError) as error:
            return _json(400, {"error": str(error)})

    def _open_accounts(self, body: bytes) -> Response:
        try:
            with self.state.lock:
                return _json(201, {"roles": open_accounts(read_accounts(body))})
        except BadAccounts as error:
            return _json(400, {"error": str(error)})

    def _put_objects(self, body: bytes) -> Response:
        try:
            with self.state.lock:
                return _json(201, {"objects": put_objects(read_objects(body))})
        except (BadObjects, ValueError) as error:
            return _json(400, {"error": str(error)})

    def _change_sagemaker(self, body: bytes) -> Response:
        try:
            with self.state.lock:
                change(read_change(json.loads(body)), self.state.clock.now())
        except ValueError as error:
            return _json(400, {"error": str(error)})
        return Response(204)

    def _add_fault(self, body: bytes) -> Response:
        try:
            fault = read_fault(json.loads(body))
        except (ValueError, BadFault) as error:
            return _json(400, {"error": str(error)})
        self.faults.add(fault)
        return _json(201, asdict(fault))


def _unless_ok(response: Response) -> Response | None:
    return None if response.status < 300 else response


def _delete_of(bucket: str, target: Target) -> dict[str, str]:
    """What a DeleteObject request for one target changes of the current one, in WSGI's terms."""
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


def _json(status: int, value: object) -> Response:
    return Response(status, (("Content-Type", "application/json"),), json.dumps(value).encode())
