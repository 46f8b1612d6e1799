"""moto inside this process: its WSGI application, and what its API cannot set."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TypeAlias
from wsgiref.types import WSGIApplication

from moto.cloudwatch.models import MetricDatum
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3 import models as s3_models
from moto.s3.models import FakeBucket, FakeMultipart, S3Backend, s3_backends
from moto.sagemaker import models as sagemaker_models

from firnline.s3.terms import Versioning

ROLE = "retention"
PARTITION = "aws"
_TRUST = '{"Version": "2012-10-17", "Statement": []}'
_SETTINGS = {
    # By default any account may read any bucket.
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
}
_DATED = (s3_models, sagemaker_models)
_METRICS = "get_cloudwatch_metrics"
_in_use = Lock()

StorageMetricsOf: TypeAlias = Callable[[str, str], list[MetricDatum]]
"""Of an account in a region."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: an engineer of an account that owns no bucket."""

    account: str = "999999999999"
    access_key_id: str = "AKIAFIRNLINE0EXAMPLE"
    secret_access_key: str = "not-a-secret-of-anything-real-EXAMPLEKEY"


CALLER = Caller()


class BytesNotKept(Exception):
    """A GET of an object of which only the size is kept; the response is 501."""


class AlreadyServing(Exception):
    """moto keeps its accounts per process, so there can be one emulator in each."""


@contextmanager
def fresh_moto(
    naive_now: Callable[[], datetime], metrics: StorageMetricsOf
) -> Iterator[WSGIApplication]:
    """An empty moto in which only `CALLER` has keys; emptied again at the end.

    `naive_now` dates what is written to its S3 and SageMaker, in UTC; the rest of it keeps real
    time. `metrics` is what its S3 reports to CloudWatch.
    """
    if not _in_use.acquire(blocking=False):
        raise AlreadyServing("an emulator is being served in this process already")
    before = {name: os.environ.get(name) for name in (*_SETTINGS, "MOTO_ACCOUNT_ID")}
    clocks = [vars(each) for each in _DATED]  # each module of moto imports the time by name
    real_time = clocks[0]["utcnow"]
    its_metrics = vars(S3Backend)[_METRICS]
    try:
        os.environ.update(_SETTINGS)
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # would put every caller in one account
        for each in clocks:
            each["utcnow"] = naive_now
        setattr(S3Backend, _METRICS, staticmethod(metrics))
        _reset()
        _introduce(CALLER)
        yield DomainDispatcherApplication(create_backend_app)
    finally:
        for each in clocks:
            each["utcnow"] = real_time
        setattr(S3Backend, _METRICS, its_metrics)
        _reset()
        _restore(before)
        _in_use.release()


def open_account(account: str) -> str:
    """Makes the account's role, if it is not there yet; returns its ARN."""
    arn = role_arn(account)
    if not role_exists(arn):
        iam_backends[account][PARTITION].create_role(
            role_name=ROLE,
            assume_role_policy_document=_TRUST,
            path="/",
            permissions_boundary=None,
            description="reads buckets and their lifecycle, writes the lifecycle",
            tags=[],
            max_session_duration=None,
        )
    return arn


def role_arn(account: str) -> str:
    return f"arn:{PARTITION}:iam::{account}:role/{ROLE}"


def role_exists(arn: str) -> bool:
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    if account not in iam_backends:
        return False
    return any(role.arn == arn for role in iam_backends[account][PARTITION].get_roles())


def find_bucket(name: str) -> FakeBucket | None:
    """The bucket, whoever owns it."""
    owner = s3_backends.bucket_accounts.get(name)
    if owner is None:
        return None
    partition, account = owner
    return s3_backends[account][partition].buckets.get(name)


def versioning_of(bucket: FakeBucket) -> Versioning:
    return Versioning.of_status(bucket.versioning_status)


def set_initiated(upload: FakeMultipart, when: datetime) -> None:
    """Kept as an attribute: moto records no such date (it returns 2010-11-10 for all)."""
    upload.__dict__["initiated"] = when


def initiated(upload: FakeMultipart, now: datetime) -> datetime:
    """When the upload began; one without a date begins now."""
    when = upload.__dict__.setdefault("initiated", now)
    assert isinstance(when, datetime)
    return when


def _introduce(caller: Caller) -> None:
    backend = iam_backends[caller.account][PARTITION]
    backend.create_user(region_name="us-east-1", user_name="engineer")
    key = backend.create_access_key("engineer")
    del backend.access_keys[key.access_key_id]
    key.access_key_id = caller.access_key_id
    key.secret_access_key = caller.secret_access_key
    backend.access_keys[caller.access_key_id] = key


def _reset() -> None:
    BackendDict.reset()
    reset_model_data()


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
