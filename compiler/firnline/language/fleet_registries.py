"""The registries of a fleet file, which know what is needed, by kind of registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.language.said import Said


@dataclass(frozen=True, slots=True)
class Mlflow:
    """`backend_store_env` names the environment variable with the URL of the backend store, which
    then is read in place of the server; `artifacts_destination` is where a server that proxies
    artifacts stores them, and `account` the label of the one whose credentials look for them there.
    """

    tracking_uri: Said[str]
    backend_store_env: Said[str] | None = None
    artifacts_destination: Said[str] | None = None
    account: Said[str] | None = None


@dataclass(frozen=True, slots=True)
class SageMaker:
    account: Said[str]
    region: Said[str]


@dataclass(frozen=True, slots=True)
class DynamoDb:
    """A table; `path` is the attribute with the location, `skip_when` the values of attributes with
    which an item needs nothing; `owner` the attribute that names the owner. `index` is a global
    secondary index that is read in place of the table."""

    account: Said[str]
    region: Said[str]
    table: Said[str]
    path: Said[str]
    skip_when: tuple[tuple[Said[str], tuple[Said[str], ...]], ...]
    owner: Said[str] | None = None
    index: Said[str] | None = None


@dataclass(frozen=True, slots=True)
class JsonFile:
    """`path` and `count` are JMESPaths; `account` the label of the one whose credentials read it in
    S3."""

    file: Said[str]
    path: Said[str]
    count: Said[str] | None = None
    account: Said[str] | None = None


@dataclass(frozen=True, slots=True)
class Sql:
    """`url_env` names the environment variable with the URL: secrets are never in files."""

    url_env: Said[str]
    query: Said[str]


DEFAULT_TIMEOUT: Final = 600
DEFAULT_SHRINK: Final = 10


@dataclass(frozen=True, slots=True)
class Program:
    """`timeout` is in seconds."""

    command: tuple[Said[str], ...]
    timeout: int = DEFAULT_TIMEOUT


@dataclass(frozen=True, slots=True)
class Plugin:
    """`name` is that of an entry point of `firnline.registries`, `settings` plain data for it."""

    name: Said[str]
    settings: Mapping[str, Any]


Source = Mlflow | SageMaker | DynamoDb | JsonFile | Sql | Program | Plugin


@dataclass(frozen=True, slots=True)
class DropGuard:
    """When an answer is too small to be true. `may_be_empty` says why nothing may be all there is;
    `may_shrink_by` are percents of the last complete answer; `shrank_until` is the date, as it is
    written, up to which it may have shrunk by more.
    """

    may_be_empty: Said[str] | None = None
    may_shrink_by: int = DEFAULT_SHRINK
    shrank_until: Said[str] | None = None


DEFAULT_GUARD: Final = DropGuard()


@dataclass(frozen=True, slots=True)
class Registry:
    """`source` is none where it could not be read."""

    name: Said[str]
    source: Source | None
    guard: DropGuard = DEFAULT_GUARD

    @property
    def account(self) -> Said[str] | None:
        """The label of the account that it is in, if any."""
        match self.source:
            case Mlflow() | SageMaker() | DynamoDb() | JsonFile():
                return self.source.account
            case _:
                return None
