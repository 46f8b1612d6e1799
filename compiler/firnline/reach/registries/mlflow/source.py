"""A registry `mlflow` of the fleet file → what it says, read by SQL or over REST."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import Final

from firnline.language.fleet_registries import Mlflow
from firnline.reach.registries.mlflow.contents import Contents
from firnline.reach.registries.mlflow.destination import InS3, verified
from firnline.reach.registries.mlflow.found import found_in
from firnline.reach.registries.mlflow.next_gc import NextGc, next_gc
from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.registries.mlflow.sql import SqlContents
from firnline.reach.registries.mlflow.sql_engine import snapshot
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Found

_FILE: Final = "sqlite:///"


class MlflowServer:
    """The environment holds the URL of the backend store, and MLflow's own variables for REST."""

    def __init__(self, settings: Mlflow, world: World) -> None:
        self._settings = settings
        self._world = world

    def read(self) -> Iterator[Found]:
        problems = Problems()
        with self.opened(problems) as contents:
            yield from found_in(contents, self.destination, problems)
            notes = verified(contents, self.destination, self._in_s3.has_objects, problems)
            yield replace(contents.certificate(problems.sentences()), notes=notes)

    def next_gc(self) -> tuple[NextGc, tuple[str, ...]]:
        """And the problems for which it may be more. Raises `CannotRead`."""
        problems = Problems()
        with self.opened(problems) as contents:
            found = next_gc(contents, self.destination, problems)
        return found, problems.sentences()

    @property
    def destination(self) -> str:
        said = self._settings.artifacts_destination
        return said.value if said else ""

    @property
    def _in_s3(self) -> InS3:
        said = self._settings.account
        return InS3(self._world, said.value if said else None)

    @contextmanager
    def opened(self, problems: Problems) -> Iterator[Contents]:
        """Raises `CannotRead`."""
        said = self._settings.backend_store_env
        uri = self._settings.tracking_uri.value
        if said is not None:
            with _snapshot(self._url(said.value), said.value) as contents:
                yield contents
        elif uri.startswith(_FILE):
            where = f"{_FILE}{self._world.folder / uri.removeprefix(_FILE)}"
            with _snapshot(where, "`tracking_uri`") as contents:
                yield contents
        else:
            yield _over_rest(uri, problems)

    def _url(self, variable: str) -> str:
        if url := self._world.environment.get(variable):
            return url
        raise CannotRead(
            f"has its backend store in {variable}, and that is not set: set it to a URL such as"
            " postgresql://reader:…@host/mlflow, or leave `backend_store_env` out, to read over"
            " REST"
        )


@contextmanager
def _snapshot(url: str, variable: str) -> Iterator[Contents]:
    with snapshot(url, variable) as connection:
        yield SqlContents(connection)


def _over_rest(uri: str, problems: Problems) -> Contents:
    if find_spec("mlflow") is None:
        raise CannotRead(
            "is read by MLflow's client, which is not installed: pip install 'firnline[mlflow]', or"
            " give `backend_store_env` in the fleet file"
        )
    # An extra of its own, and slow to import.
    from firnline.reach.registries.mlflow.rest import RestContents
    from firnline.reach.registries.mlflow.rest_client import client_of

    return RestContents(client_of(uri), problems)
