"""Who knows what is still needed: the registries of a fleet file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from firnline.language.nodes import Map, Node
from firnline.language.said import Said
from firnline.language.values import entries_of, one_or_many, pairs_of, said_under


@dataclass(frozen=True, slots=True)
class Mlflow:
    tracking_uri: Said[str]


@dataclass(frozen=True, slots=True)
class SageMaker:
    account: Said[str]
    region: Said[str]


@dataclass(frozen=True, slots=True)
class DynamoDb:
    """A table; `path` is the attribute with the location, `skip_when` the values of attributes with
    which an item needs nothing."""

    account: Said[str]
    region: Said[str]
    table: Said[str]
    path: Said[str]
    skip_when: tuple[tuple[Said[str], tuple[Said[str], ...]], ...]


@dataclass(frozen=True, slots=True)
class JsonFile:
    file: Said[str]
    path: Said[str]


@dataclass(frozen=True, slots=True)
class Sql:
    """`url_env` names the environment variable with the URL: secrets never stand in files."""

    url_env: Said[str]
    query: Said[str]


Source = Mlflow | SageMaker | DynamoDb | JsonFile | Sql


@dataclass(frozen=True, slots=True)
class Registry:
    """`source` is none where it could not be read."""

    name: Said[str]
    source: Source | None

    @property
    def account(self) -> Said[str] | None:
        """The label of the account in which it lies, if it lies in one."""
        return self.source.account if isinstance(self.source, SageMaker | DynamoDb) else None


def registries_in(node: Node | None) -> Iterator[Registry]:
    for name, settings in entries_of(node):
        found = [
            read(said)
            for kind, read in _SOURCES.items()
            if isinstance(said := settings.get(kind), Map)
        ]
        yield Registry(Said(name.value, name.span), next(iter(found), None))


def _mlflow(settings: Map) -> Mlflow:
    return Mlflow(said_under(settings, "tracking_uri", ""))


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
    return JsonFile(said_under(settings, "file", ""), said_under(settings, "path", ""))


def _sql(settings: Map) -> Sql:
    return Sql(said_under(settings, "url_env", ""), said_under(settings, "query", ""))


_SOURCES: dict[str, Callable[[Map], Source]] = {
    "mlflow": _mlflow,
    "sagemaker": _sagemaker,
    "dynamodb": _dynamodb,
    "json": _json,
    "sql": _sql,
}
