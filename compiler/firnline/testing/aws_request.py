"""A WSGI request, read as AWS would read it: service, caller's account, operation, bucket, key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from moto.iam.models import get_account_id_from

from firnline.testing.operations import ResourceLevel, name_s3_operation

_CREDENTIAL = re.compile(
    r"(?P<key>[^/=\s]+)/\d{8}/(?P<region>[^/]*)/(?P<service>[^/]+)/aws4_request"
)
_ROLE_ACCOUNT = re.compile(r"^arn:[^:]+:iam::(?P<account>\d{12}):role/")
_UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class AwsRequest:
    method: str
    service: str
    account: str  # the caller's
    bucket: str
    key: str
    operation: str
    query: dict[str, str]
    headers: dict[str, str]  # by lower-case name
    body: bytes
    role: str = ""  # of AssumeRole
    access_key: str = ""
    region: str = ""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Whom the request is about: the caller, and the account whose role is requested."""
        role = _ROLE_ACCOUNT.match(self.role)
        return (self.account, role["account"]) if role else (self.account,)


def read_request(environ: WSGIEnvironment, body: bytes) -> AwsRequest:
    query = {
        name: values[0]
        for name, values in parse_qs(
            environ.get("QUERY_STRING", ""), keep_blank_values=True
        ).items()
    }
    headers = {
        name[5:].lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    access_key, region, service = _signed_by(headers.get("authorization", ""), query)
    account = get_account_id_from(access_key)
    form = _form(environ, body)
    action = form.get("Action") or query.get("Action")
    target = headers.get("x-amz-target", "")
    method = environ["REQUEST_METHOD"]
    if service not in ("s3", _UNSIGNED) or action or target:
        operation = action or target.rpartition(".")[2] or _of_path(environ, service) or method
        role, caller = form.get("RoleArn", ""), (access_key, region)
        return AwsRequest(
            method, service, account, "", "", operation, query, headers, body, role, *caller
        )
    bucket, key = _bucket_and_key(environ)
    scope = (
        ResourceLevel.OBJECT if key else ResourceLevel.BUCKET if bucket else ResourceLevel.SERVICE
    )
    operation = name_s3_operation(method, scope, query, headers)
    return AwsRequest(
        method, "s3", account, bucket, key, operation, query, headers, body, "", access_key, region
    )


def _of_path(environ: WSGIEnvironment, service: str) -> str:
    """/service/SERVICE/operation/OPERATION (Smithy RPC v2); /OPERATION of SageMaker's metrics."""
    path: str = environ.get("PATH_INFO", "")
    if path.startswith("/service/"):
        return path.rpartition("/operation/")[2]
    return path.removeprefix("/") if service == "sagemaker" else ""


def _signed_by(authorization: str, query: dict[str, str]) -> tuple[str, str, str]:
    credential = _CREDENTIAL.search(authorization or query.get("X-Amz-Credential", ""))
    if credential is None:
        return "", "", _UNSIGNED
    return credential["key"], credential["region"], credential["service"].lower()


def _form(environ: WSGIEnvironment, body: bytes) -> dict[str, str]:
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _bucket_and_key(environ: WSGIEnvironment) -> tuple[str, str]:
    """Path style only: the address is 127.0.0.1, for which no SDK uses virtual hosts."""
    path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
    bucket, _, key = path.removeprefix("/").partition("/")
    return bucket, key
