"""A registry `mlflow` of the fleet file → what it says, read by SQL or over REST."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from firnline.language.fleet_registries import Mlflow
from firnline.reach.registries.mlflow.contents import Contents
from firnline.reach.registries.mlflow.found import found_in
from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.registries.mlflow.sql import SqlContents
from firnline.reach.registries.mlflow.sql_engine import snapshot
from firnline.reach.source import CannotRead, Found


class MlflowServer:
    """`environment` holds the URL of the backend store, and MLflow's own variables for REST."""

    def __init__(self, settings: Mlflow, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._environment = environment

    def read(self) -> Iterator[Found]:
        problems = Problems()
        with self.opened() as contents:
            yield from found_in(contents, self.destination, problems)
            yield contents.certificate(problems.sentences())

    @property
    def destination(self) -> str:
        said = self._settings.artifacts_destination
        return said.value if said else ""

    @contextmanager
    def opened(self) -> Iterator[Contents]:
        """Raises `CannotRead`."""
        said = self._settings.backend_store_env
        uri = self._settings.tracking_uri.value
        if said is None and not uri.startswith("sqlite:"):
            raise CannotRead("cannot be read over REST yet")
        variable, url = (said.value, self._url(said.value)) if said else ("`tracking_uri`", uri)
        with snapshot(url, variable) as connection:
            yield SqlContents(connection)

    def _url(self, variable: str) -> str:
        if url := self._environment.get(variable):
            return url
        raise CannotRead(
            f"has its backend store in {variable}, and that is not set: set it to a URL such as"
            " postgresql://reader:…@host/mlflow, or leave `backend_store_env` out, to read over"
            " REST"
        )
