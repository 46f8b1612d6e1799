"""The churn is written once: MLflow takes seconds for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reach.registries.mlflow.churn import Churn
from tests.reach.registries.mlflow.stores import client_of, empty_store


@pytest.fixture(scope="session")
def churn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Churn]:
    store = empty_store(tmp_path_factory.mktemp("churn"))
    with client_of(store) as client:
        yield Churn(store, client)
