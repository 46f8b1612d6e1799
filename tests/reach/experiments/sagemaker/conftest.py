"""One server for all tests here, with an account of SageMaker that each test finds empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from moto.sagemaker.models import sagemaker_backends

from firnline import testing
from tests.reach.experiments.sagemaker.worlds import Account

ACCOUNT = "210987654321"
STARTED = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="package")
def server_account() -> Iterator[Account]:
    with testing.serve(started=STARTED) as server:
        sagemaker = server.client("sagemaker", account=ACCOUNT, session="alice")
        metrics = server.client("sagemaker-metrics", account=ACCOUNT)
        yield Account(sagemaker, metrics, server)


@pytest.fixture
def account(server_account: Account) -> Account:
    region = server_account.sagemaker.meta.region_name
    sagemaker_backends[ACCOUNT][region].reset()
    return server_account
