"""The registries of a fleet file → `Registry`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from firnline.language.fleet_registries import (
    DEFAULT_SHRINK,
    DEFAULT_TIMEOUT,
    DropGuard,
    DynamoDb,
    JsonFile,
    Mlflow,
    Plugin,
    Program,
    Registry,
    SageMaker,
    Source,
    Sql,
)
from firnline.language.nodes import List, Map, Node, Text, to_data
from firnline.language.said import Said
from firnline.language.values import entries_of, one_or_many, pairs_of, said_under, whole_number


def registries_in(node: Node | None) -> Iterator[Registry]:
    for name, kinds in entries_of(node):
        read = [
            (_SOURCES[kind](settings), _guard(settings))
            for kind in _SOURCES
            if isinstance(settings := kinds.get(kind), Map)
        ]
        source, guard = next(iter(read), (None, DropGuard()))
        yield Registry(Said(name.value, name.span), source, guard)


def _guard(settings: Map) -> DropGuard:
    shrank = settings.get("shrank")
    until = None
    if isinstance(shrank, Map):
        shrank.leave("why")
        until = _said(shrank, "until")
    percent = _said(settings, "may_shrink_by")
    return DropGuard(
        may_be_empty=_said(settings, "may_be_empty"),
        may_shrink_by=int(percent.value.rstrip("%")) if percent else DEFAULT_SHRINK,
        shrank_until=until,
    )


def _mlflow(settings: Map) -> Mlflow:
    return Mlflow(
        tracking_uri=said_under(settings, "tracking_uri", ""),
        backend_store_env=_said(settings, "backend_store_env"),
        artifacts_destination=_said(settings, "artifacts_destination"),
        account=_said(settings, "account"),
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
        owner=_said(settings, "owner"),
        index=_said(settings, "index"),
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


def _program(settings: Map) -> Program:
    timeout = settings.get("timeout")
    return Program(
        command=one_or_many(settings.get("command")),
        timeout=whole_number(timeout) if isinstance(timeout, Text) else DEFAULT_TIMEOUT,
    )


def _plugin(settings: Map) -> Plugin:
    given = settings.get("settings")
    return Plugin(said_under(settings, "name", ""), _whole(given) if isinstance(given, Map) else {})


def _whole(node: Node) -> Any:
    """As plain data; whose keys they are, the plugin knows."""
    match node:
        case Map():
            return {key.value: _whole(value) for key, value in node.read_all()}
        case List():
            return [_whole(each) for each in node.items]
        case Text():
            return to_data(node)
        case _:
            assert_never(node)


def _said(settings: Map, key: str) -> Said[str] | None:
    return said_under(settings, key, "") if settings.get(key) else None


_SOURCES: dict[str, Callable[[Map], Source]] = {
    "mlflow": _mlflow,
    "sagemaker": _sagemaker,
    "dynamodb": _dynamodb,
    "json": _json,
    "sql": _sql,
    "exec": _program,
    "plugin": _plugin,
}
