"""The registries of a fleet file, which know what is needed, by kind of registry."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.language.said import Said


@dataclass(frozen=True, slots=True)
class Mlflow:
    """`backend_store_env` names the environment variable with the URL of the backend store, which
    then is read in place of the server; `artifacts_destination` is where a server that proxies
    artifacts stores them.
    """

    tracking_uri: Said[str]
    backend_store_env: Said[str] | None = None
    artifacts_destination: Said[str] | None = None


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


Source = Mlflow | SageMaker | DynamoDb | JsonFile | Sql


@dataclass(frozen=True, slots=True)
class Registry:
    """`source` is none where it could not be read."""

    name: Said[str]
    source: Source | None

    @property
    def account(self) -> Said[str] | None:
        """The label of the account that it is in, if any."""
        match self.source:
            case SageMaker() | DynamoDb() | JsonFile():
                return self.source.account
            case _:
                return None
