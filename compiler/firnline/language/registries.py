"""Who knows what is still needed: the registries of a fleet file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firnline.language.model import Said
from firnline.language.nodes import Map, Node
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
        sources = [_source(kind.value, said) for kind, said in entries_of(settings)]
        yield Registry(Said(name.value, name.span), next(iter(sources), None))


def _source(kind: str, settings: Map) -> Source | None:
    def said(key: str) -> Said[str]:
        return said_under(settings, key, "")

    match kind:
        case "mlflow":
            return Mlflow(said("tracking_uri"))
        case "sagemaker":
            return SageMaker(said("account"), said("region"))
        case "dynamodb":
            skipped = tuple(
                (Said(key.value, key.span), one_or_many(values))
                for key, values in pairs_of(settings.get("skip_when"))
            )
            where = said("account"), said("region")
            return DynamoDb(*where, said("table"), said("path"), skipped)
        case "json":
            return JsonFile(said("file"), said("path"))
        case "sql":
            return Sql(said("url_env"), said("query"))
    return None
