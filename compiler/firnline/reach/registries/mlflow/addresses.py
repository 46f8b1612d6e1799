"""An address that MLflow stores → the S3 locations that it may mean, through every indirection."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import Any, Final

from firnline.reach.location import (
    Location,
    UnknownLocation,
    location_as_written,
    locations_in,
    locations_of,
)
from firnline.reach.registries.mlflow.contents import Contents, LoggedModel, Version

_OTHER_STORES: Final = re.compile(
    r"/|\./|[A-Za-z]:\\|"
    r"(?:file|gs|dbfs|wasbs?|abfss?|azureml(?:-[a-z]+)?|hdfs|viewfs|adl|ftp|sftp|r2|b2|oss|mlflow-dbfs|uc)"
    r":",
    re.IGNORECASE,
)
_PROXY: Final = re.compile(
    r"(?:mlflow-artifacts:(?://[^/]*)?|https?://[^\s]*?/api/2\.0/mlflow-artifacts/artifacts)"
    r"(?:/(?P<path>.*))?",
    re.DOTALL,
)
_RUN: Final = re.compile(r"runs:/+(?P<run>[^/]+)(?:/(?P<path>.*))?", re.DOTALL)
_MODEL: Final = re.compile(r"models:(?://[^/]*)?/(?P<what>.+)", re.DOTALL)
_PLAIN_FOLDER: Final = re.compile(r"s3://[a-z0-9.-]+/[A-Za-z0-9/._=-]*[A-Za-z0-9._=-]")
_ID: Final = re.compile(r"(?:m-|tr-)?[0-9a-f]{32}")
_ARTIFACTS: Final = "/artifacts"
_MAY_NAME_ONE: Final = re.compile("s3|amazonaws|runs:/|models:/|mlflow-artifacts:", re.IGNORECASE)
_INDIRECT: Final = ("runs:", "models:", "mlflow-artifacts:", "s3")
_DEEPEST: Final = 32


def addresses_for(contents: Contents, destination: str) -> Addresses:
    named = {
        found["run"]
        for version in contents.versions
        for text in (version.source, version.storage or "")
        if (found := _RUN.fullmatch(text))
    }
    runs = contents.run_roots(named)
    return Addresses(destination, contents.models, contents.versions, runs)


class Addresses:
    """`destination` is the server's `--artifacts-destination`, which none of its calls tells."""

    def __init__(
        self,
        destination: str,
        models: Iterable[LoggedModel],
        versions: Iterable[Version],
        run_roots: Mapping[str, str],
    ) -> None:
        self._destination = destination.rstrip("/")
        self._models = {each.id: each.root for each in models}
        self._versions: dict[str, list[Version]] = {}
        for each in versions:
            self._versions.setdefault(each.name, []).append(each)
        self._runs = run_roots
        self._roots: dict[str, tuple[Location, ...]] = {}

    def with_destination(self, destination: str) -> Addresses:
        other = copy(self)
        other._destination = destination
        other._roots = {}
        return other

    @property
    def may_be_proxied(self) -> bool:
        """Whether any model, version or run behind one is written as the proxy's."""
        return any(_PROXY.fullmatch(text.strip()) for text in self._texts())

    def _texts(self) -> Iterator[str]:
        yield from self._models.values()
        yield from self._runs.values()
        for versions in self._versions.values():
            for each in versions:
                yield from (each.source, each.storage or "")

    def of(self, text: str) -> tuple[Location, ...]:
        """Every reading; none where it is in another store than S3. Raises `UnknownLocation`."""
        end = _ARTIFACTS if text.endswith(_ARTIFACTS) else ""
        folder, _, id = text.removesuffix(end).rpartition("/")
        if not _ID.fullmatch(id):
            return self._of(text.strip(), 0)
        # Those of an experiment differ in their ID, which has one reading.
        if (roots := self._roots.get(folder)) is None:
            # Alone, a folder of dots is not read as the whole bucket, with one behind it is.
            if "/." in folder or not _PLAIN_FOLDER.fullmatch(folder):
                return self._of(text.strip(), 0)
            roots = self._roots[folder] = self._of(folder, 0)
        below = f"/{id}{end}"
        return tuple([Location(each.bucket, each.kind, each.key + below) for each in roots])

    def as_written(self, text: str) -> tuple[Location, ...]:
        """The one raw reading of a folder that MLflow made, for what may go: a further one would
        endanger more. None where it is in another store than S3. Raises `UnknownLocation`.
        """
        found = self.of(text)
        if len(found) < 2:
            return found
        proxied = _PROXY.fullmatch(text.strip())
        where = _below(self._destination, proxied["path"] or "") if proxied else text.strip()
        return (location_as_written(where),)

    def of_version(self, version: Version) -> tuple[Location, ...]:
        """What its source and its storage location mean. MLflow resolved the first into the second
        when the version was registered, so one of them is enough. Raises `UnknownLocation`.
        """
        return self._of_version(version, 0)

    def harvest(self, text: str) -> tuple[Location, ...]:
        """Of whatever in a text or JSON is an address; nothing is no error."""
        if ":" not in text or not _MAY_NAME_ONE.search(text):
            return ()
        return tuple(sorted({each for part in _strings(text) for each in self._in(part)}))

    def _in(self, text: str) -> Iterator[Location]:
        yield from locations_in(text)
        if text.strip().lower().startswith(_INDIRECT):
            try:
                yield from self.of(text)
            except UnknownLocation:
                return  # free text may begin so

    def _of(self, text: str, depth: int) -> tuple[Location, ...]:
        if depth > _DEEPEST:
            raise UnknownLocation(text, "leads back to itself")
        if proxied := _PROXY.fullmatch(text):
            return self._of_proxied(text, proxied["path"] or "")
        if of_run := _RUN.fullmatch(text):
            if not (root := self._runs.get(of_run["run"])):
                raise UnknownLocation(text, "names a run that MLflow does not have")
            return self._of(_below(root, of_run["path"] or ""), depth + 1)
        if of_model := _MODEL.fullmatch(text):
            return self._of_model(text, of_model["what"], depth + 1)
        if _OTHER_STORES.match(text):
            return ()
        return locations_of(text)

    def _of_proxied(self, text: str, path: str) -> tuple[Location, ...]:
        if not self._destination:
            raise UnknownLocation(
                text,
                "goes through the artifact proxy of the server, which does not tell where it stores"
                " artifacts: give its `--artifacts-destination` as `artifacts_destination` in the"
                " fleet file",
            )
        return self._of(_below(self._destination, path), _DEEPEST)

    def _of_model(self, text: str, what: str, depth: int) -> tuple[Location, ...]:
        if root := self._models.get(what.partition("/")[0]):
            return self._of(_below(root, what.partition("/")[2]), depth)
        named = tuple(self._versions_named(what))
        if not named:
            raise UnknownLocation(text, "names a model that MLflow does not have")
        return tuple(
            sorted({each for version in named for each in self._of_version(version, depth)})
        )

    def _versions_named(self, what: str) -> Iterator[Version]:
        """Of each workspace that has one: the address names none."""
        name, _, number = what.partition("/")
        if number.isdigit():
            yield from (each for each in self._all_of(name) if each.number == int(number))
        name, _, alias = what.rpartition("@")
        yield from (each for each in self._all_of(name) if alias in each.aliases)

    def _all_of(self, name: str) -> list[Version]:
        return self._versions.get(name, [])

    def _of_version(self, version: Version, depth: int) -> tuple[Location, ...]:
        found: set[Location] = set()
        unknown: UnknownLocation | None = None
        elsewhere = False
        for text in {version.source, version.storage or ""} - {""}:
            try:
                readings = self._of(text, depth)
            except UnknownLocation as wrong:
                unknown = wrong
                continue
            elsewhere |= not readings
            found |= set(readings)
        if not found and not elsewhere:
            raise unknown or UnknownLocation("", "has neither source nor storage location")
        return tuple(sorted(found))


def _below(root: str, path: str) -> str:
    return f"{root.rstrip('/')}/{path}" if path else root


def _strings(text: str) -> Iterator[str]:
    """The text, or those in it where it is JSON: there a key may hold spaces, or be escaped."""
    try:
        parsed = json.loads(text) if text.lstrip().startswith(("{", "[", '"')) else text
    except (ValueError, RecursionError):
        parsed = text  # it only looked like JSON
    yield from _leaves(parsed)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
