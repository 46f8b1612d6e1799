"""Backend stores that MLflow itself wrote, and how tests read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import mlflow.version
from mlflow import MlflowClient

from firnline.diagnostics.position import Source, Span
from firnline.language.fleet import Fleet
from firnline.language.fleet_registries import Mlflow
from firnline.language.said import Said
from firnline.reach.location import Location
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.registries.world import World
from firnline.reach.source import Certificate, Found
from sandbox.paths import CHECKOUT

T = TypeVar("T")
VARIABLE = "MLFLOW_BACKEND_STORE"
_TEMPLATE = CHECKOUT / f".cache/mlflow-{mlflow.version.VERSION}.db"
NOTHING: Mapping[str, str] = MappingProxyType({})
_NOWHERE = Span(Source("fleet.yaml", ""), 0, 0)


def empty_store(folder: Path) -> Path:
    """A copy of a database that MLflow made: the migrations alone take it five seconds."""
    if not _TEMPLATE.exists():
        made = folder / "template.db"
        MlflowClient(f"sqlite:///{made}").search_experiments()
        _TEMPLATE.parent.mkdir(exist_ok=True)
        unfinished = _TEMPLATE.with_suffix(f".{os.getpid()}")
        shutil.copy(made, unfinished)
        unfinished.replace(_TEMPLATE)
    return Path(shutil.copy(_TEMPLATE, folder / "mlflow.db"))


@contextmanager
def client_of(store: Path) -> Iterator[MlflowClient]:
    """MLflow resolves `models:/` by the server of the environment, not by that of the client."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{store}"
    try:
        yield MlflowClient(f"sqlite:///{store}")
    finally:
        del os.environ["MLFLOW_TRACKING_URI"]
        if before is not None:
            os.environ["MLFLOW_TRACKING_URI"] = before


def settings(uri: str = "https://mlflow.acme.example", **others: str) -> Mlflow:
    return Mlflow(
        Said(uri, _NOWHERE), **{name: Said(value, _NOWHERE) for name, value in others.items()}
    )


def world(environment: Mapping[str, str] = NOTHING, folder: Path = Path()) -> World:
    """Of a fleet file without accounts."""
    return World(Fleet(Said("acme", _NOWHERE), (), ()), folder, environment)


def server_of(store: Path, **others: str) -> MlflowServer:
    named = settings(backend_store_env=VARIABLE, **others)
    return MlflowServer(named, world({VARIABLE: f"sqlite:///{store}"}, store.parent))


def read(store: Path, **others: str) -> tuple[list[Found], Certificate]:
    *found, certificate = server_of(store, **others).read()
    assert isinstance(certificate, Certificate)
    return found, certificate


def of(kind: type[T], found: Iterable[Found]) -> list[T]:
    return [each for each in found if isinstance(each, kind)]


def strongest(found: Iterable[Found], bucket: str, key: str) -> Reference | None:
    covering = [
        each
        for each in of(Reference, found)
        if each.location.bucket == bucket and each.location.covers(key)
    ]
    return max(covering, key=lambda each: each.strength, default=None)


def pins(found: Iterable[Found]) -> dict[str, tuple[str, ...]]:
    return {
        str(each.location): each.because
        for each in of(Reference, found)
        if each.strength is Strength.PIN
    }


def texts_of(locations: Iterable[Location]) -> list[str]:
    return [str(each) for each in locations]
