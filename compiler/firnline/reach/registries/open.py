"""A registry of the fleet file → the source that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from firnline.language.fleet_registries import (
    DynamoDb,
    JsonFile,
    Mlflow,
    Plugin,
    Program,
    Registry,
    SageMaker,
    Sql,
)
from firnline.reach.registries.dynamodb import DynamoDbTable
from firnline.reach.registries.json_file import JsonManifest
from firnline.reach.registries.plugin import PluginSource
from firnline.reach.registries.program import ProgramSource
from firnline.reach.registries.sagemaker.open import sagemaker
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Found, Source


def kind_of(registry: Registry) -> str:
    """As the fleet file calls it."""
    return "" if registry.source is None else _KINDS[type(registry.source)]


def read(registry: Registry, world: World) -> Iterator[Found]:
    """Raises `CannotRead`, `NoAccess`, OSError."""
    yield from _source(registry, world).read()


_KINDS: dict[type, str] = {
    Mlflow: "mlflow",
    SageMaker: "sagemaker",
    DynamoDb: "dynamodb",
    JsonFile: "json",
    Sql: "sql",
    Program: "exec",
    Plugin: "plugin",
}


def _source(registry: Registry, world: World) -> Source:
    match registry.source:
        case JsonFile():
            return JsonManifest(registry.name.value, registry.source, world)
        case Mlflow():
            from firnline.reach.registries.mlflow.source import MlflowServer  # slow to import

            return MlflowServer(registry.source, world)
        case SageMaker():
            return sagemaker(registry.source, world)
        case DynamoDb():
            return DynamoDbTable(registry.name.value, registry.source, world)
        case Sql():
            from firnline.reach.registries.sql import SqlSource  # slow to import

            return SqlSource(registry.name.value, registry.source, world)
        case Program():
            return ProgramSource(registry.source, world)
        case Plugin():
            return PluginSource(registry.name.value, registry.source, world)
        case None:
            raise CannotRead("has no kind that can be read: `firnline check` says what is wrong")
        case _:
            assert_never(registry.source)
