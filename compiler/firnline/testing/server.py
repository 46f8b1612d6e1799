"""An emulator of AWS in this process: accounts, roles, a world, and an address on loopback."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3

from firnline.testing import lifecycle
from firnline.testing.advance_report import AdvanceReport
from firnline.testing.emulated_clock import EmulatedClock
from firnline.testing.emulator_state import EmulatorState
from firnline.testing.http_server import serve_http
from firnline.testing.lifecycle_law import law
from firnline.testing.middleware import Middleware
from firnline.testing.moto_process import CALLER, Caller, fresh_moto, open_account
from firnline.testing.plan_advance import LifecycleEvent
from firnline.testing.request_log import LoggedRequest, RequestLog
from firnline.testing.sagemaker.change import SageMakerChange
from firnline.testing.sagemaker.change import change as apply_change

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sts import STSClient

REGION = "us-east-1"

Service = Literal["s3", "sts", "dynamodb", "sagemaker", "sagemaker-metrics", "cloudtrail"]

World = Callable[[datetime], None]
"""Fills moto with accounts, buckets and objects; handed the moment at which the world begins."""


@dataclass(frozen=True, slots=True)
class Keys:
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


@dataclass(frozen=True, slots=True)
class Emulator:
    endpoint: str
    world: str  # the world's id
    started: datetime
    caller: Caller
    middleware: Middleware

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        return self.middleware.log.entries

    def advance(
        self, *, days: int | None = None, until: date | datetime | None = None
    ) -> AdvanceReport:
        """Advances the clock: at every midnight on the way, S3 takes the actions that are due.

        Raises `BadAdvance` where the clock would not go forwards, and `UnreadableRules` where a
        lenient judge accepted rules that mean nothing; then nothing is done.
        """
        return self.middleware.state.advance(days, until)

    def plan_advance(
        self, *, days: int | None = None, until: date | datetime | None = None
    ) -> tuple[LifecycleEvent, ...]:
        """What `advance` would do now; changes nothing."""
        return self.middleware.state.plan(days, until)

    def deliver_inventories(self) -> tuple[str, ...]:
        """All that are configured, as of now, besides the daily ones; the URIs of the manifests."""
        return self.middleware.state.deliver_inventories()

    def report_storage_metrics(self) -> None:
        """To CloudWatch, from now on every day that the clock passes; of the days until now, what
        is there now.
        """
        with self.middleware.state.lock:
            self.middleware.state.metrics.begin(self.now)

    @property
    def now(self) -> datetime:
        """The time on the clock, by which everything new is dated."""
        return self.middleware.state.clock.now()

    @property
    def environment(self) -> dict[str, str]:
        """What points boto3, the AWS CLI and the official provider here, as the caller."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.caller.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.caller.secret_access_key,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def change_sagemaker(self, change: SageMakerChange) -> None:
        """How a job ended, or when and by whom something was made. Raises `BadSageMakerChange`."""
        with self.middleware.state.lock:
            apply_change(change, self.now)

    @overload
    def client(
        self, service: Literal["s3"], account: str, region: str = ..., *, session: str = ...
    ) -> S3Client: ...
    @overload
    def client(
        self, service: Literal["sts"], account: str, region: str = ..., *, session: str = ...
    ) -> STSClient: ...
    @overload
    def client(
        self, service: Literal["dynamodb"], account: str, region: str = ..., *, session: str = ...
    ) -> DynamoDBClient: ...
    @overload
    def client(
        self, service: Literal["sagemaker"], account: str, region: str = ..., *, session: str = ...
    ) -> SageMakerClient: ...
    @overload
    def client(  # boto3-stubs are not installed for these
        self,
        service: Literal["cloudtrail", "sagemaker-metrics"],
        account: str,
        region: str = ...,
        *,
        session: str = ...,
    ) -> Any: ...
    def client(
        self,
        service: Service,
        account: str,
        region: str = REGION,
        *,
        session: str = "firnline-testing",
    ) -> Any:
        """A boto3 client with the account's role assumed in a session of that name; a new account
        is opened.
        """
        role = open_account(account)
        credentials = self.caller_client("sts").assume_role(RoleArn=role, RoleSessionName=session)[
            "Credentials"
        ]
        keys = Keys(
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials["SessionToken"],
        )
        return self._client(service, keys, region)

    @overload
    def caller_client(self, service: Literal["s3"]) -> S3Client: ...
    @overload
    def caller_client(self, service: Literal["sts"]) -> STSClient: ...
    def caller_client(self, service: Literal["s3", "sts"]) -> Any:
        """A boto3 client of the caller, who owns no bucket."""
        keys = Keys(self.caller.access_key_id, self.caller.secret_access_key)
        return self._client(service, keys, REGION)

    def _client(self, service: Service, keys: Keys, region: str) -> Any:
        make: Any = _session().client
        return make(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret_access_key,
            aws_session_token=keys.session_token,
        )


@contextmanager
def serve(
    world: World | None = None,
    *,
    log: Path | None = None,
    judge: lifecycle.Judge = law,
    started: datetime | None = None,
    inventories: Path | None = None,
) -> Iterator[Emulator]:
    """An AWS on a free port of 127.0.0.1, empty or filled by `world`, removed after the block.

    `judge` decides which lifecycle configurations are accepted: by default those that S3 accepts.
    The clock starts at `started`, or now, and runs at the pace of real time. Inventories that are
    delivered lie in the folder `inventories` too.
    """
    started = started or datetime.now(UTC).replace(microsecond=0)
    clock = EmulatedClock(started)
    name = new_world_id(started)
    request_log = RequestLog(log)
    try:
        state = EmulatorState(clock, started)
        with fresh_moto(clock.naive_now, state.metrics.data) as moto:
            if world:
                world(started)
            described = {"world": name, "started": started.isoformat()}
            state.inventories.mirror = inventories
            middleware = Middleware(moto, described, state, request_log, judge)
            with serve_http(middleware) as endpoint:
                yield Emulator(endpoint, name, started, CALLER, middleware)
    finally:
        request_log.close()


def new_world_id(started: datetime) -> str:
    return f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


@cache
def _session() -> boto3.session.Session:
    """Shared, because each loads botocore's models again: a tenth of a second per client."""
    return boto3.session.Session()
