"""Evaluation datasets over REST, with all that their records say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.store.entities import PagedList

from firnline.reach.registries.mlflow.contents import Evaluation
from firnline.reach.registries.mlflow.rest_pages import Listings

_PAGE: Final = 1_000


def evaluations_of(client: MlflowClient, listings: Listings) -> Iterator[Evaluation]:
    datasets = listings.stable(
        "evaluation datasets",
        (partial(_datasets, client),),
        lambda row: row,
        lambda row: row.dataset_id,
    )
    for each in datasets:
        yield Evaluation(each.name, tuple(map(str, (each.tags or {}).values())))
        for record in listings.stable(
            f"records of the evaluation dataset {each.name}",
            (partial(_records, client, each.dataset_id),),
            lambda row: row,
            lambda row: row.dataset_record_id,
        ):
            yield Evaluation(each.name, (json.dumps(record.to_dict()),))


def _datasets(client: MlflowClient, ascends: bool, token: str | None) -> Any:
    order = "ASC" if ascends else "DESC"
    try:
        return client.search_datasets(
            max_results=_PAGE, order_by=[f"created_time {order}"], page_token=token
        )
    except MlflowException as error:
        # A server older than these datasets has no such call.
        status: Any = error
        if status.get_http_status_code() == HTTPStatus.NOT_FOUND:
            return PagedList([], None)
        raise


def _records(client: MlflowClient, dataset: str, _ascends: bool, token: str | None) -> Any:
    """The client has no public call that pages. They come in one order alone."""
    store: Any = client._tracking_client.store
    rows, following = store._load_dataset_records(dataset, max_results=_PAGE, page_token=token)
    return PagedList(rows, following)
