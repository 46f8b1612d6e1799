"""The registries of a fleet file → `Registry`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from firnline.language.fleet_registries import (
    DynamoDb,
    JsonFile,
    Mlflow,
    Registry,
    SageMaker,
    Source,
    Sql,
)
from firnline.language.nodes import Map, Node
from firnline.language.said import Said
from firnline.language.values import entries_of, one_or_many, pairs_of, said_under


def registries_in(node: Node | None) -> Iterator[Registry]:
    for name, settings in entries_of(node):
        found = [
            read(said)
            for kind, read in _SOURCES.items()
            if isinstance(said := settings.get(kind), Map)
        ]
        yield Registry(Said(name.value, name.span), next(iter(found), None))


def _mlflow(settings: Map) -> Mlflow:
    return Mlflow(
        tracking_uri=said_under(settings, "tracking_uri", ""),
        backend_store_env=_said(settings, "backend_store_env"),
        artifacts_destination=_said(settings, "artifacts_destination"),
    )


def _sagemaker(settings: Map) -> SageMaker:
    return SageMaker(said_under(settings, "account", ""), said_under(settings, "region", ""))


def _dynamodb(settings: Map) -> DynamoDb:
    return DynamoDb(
        account=said_under(settings, "account", ""),
        region=said_under(settings, "region", ""),
        table=said_under(settings, "table", ""),
        path=said_under(settings, "path", ""),
        skip_when=tuple(
            (Said(key.value, key.span), one_or_many(values))
            for key, values in pairs_of(settings.get("skip_when"))
        ),
    )


def _json(settings: Map) -> JsonFile:
    return JsonFile(
        file=said_under(settings, "file", ""),
        path=said_under(settings, "path", ""),
        count=_said(settings, "count"),
        account=_said(settings, "account"),
    )


def _sql(settings: Map) -> Sql:
    return Sql(said_under(settings, "url_env", ""), said_under(settings, "query", ""))


def _said(settings: Map, key: str) -> Said[str] | None:
    return said_under(settings, key, "") if settings.get(key) else None


_SOURCES: dict[str, Callable[[Map], Source]] = {
    "mlflow": _mlflow,
    "sagemaker": _sagemaker,
    "dynamodb": _dynamodb,
    "json": _json,
    "sql": _sql,
}
