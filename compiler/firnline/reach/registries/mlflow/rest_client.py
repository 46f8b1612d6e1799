"""MLflow's own client, which knows its ways to authenticate; and what it raises, in our words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Final

# MLflow reads it when it is imported: reading a registry reports to nobody.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
# Read at each request. By MLflow's own 7, a server that is not there is tried for four minutes
# (mlflow 3.17.2, mlflow/environment_variables.py: the pauses double from 2 s).
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")

from google.protobuf.json_format import Error as NotItsMessage
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from requests.exceptions import RequestException

from firnline.reach.source import CannotRead, GaveNoAccess

_LONGEST: Final = 200
_SAGEMAKER: Final = "arn:"


def client_of(uri: str) -> MlflowClient:
    """By MLflow's variables: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and
    MLFLOW_TRACKING_PASSWORD, and those for TLS. Raises `CannotRead`.
    """
    if uri.startswith(_SAGEMAKER) and "arn" not in {
        each.name for each in entry_points(group="mlflow.tracking_store")
    }:
        raise CannotRead(
            "is a tracking server of SageMaker, which MLflow's client reaches by a plugin:"
            " pip install sagemaker-mlflow"
        )
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raises `CannotRead` for whatever the client raises."""
    try:
        yield
    except (MlflowException, RequestException) as error:
        raise _in_words(error) from None
    except (AttributeError, KeyError, TypeError, ValueError, NotItsMessage) as error:
        # What the client raises where an answer is JSON, and not that of MLflow.
        raise CannotRead(
            f"gave an answer that is not MLflow's ({type(error).__name__}): check that the address"
            " is that of an MLflow 3 tracking server, and read it again"
        ) from None


def _in_words(error: Exception) -> CannotRead:
    said = " ".join(str(error).split())
    shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    status = getattr(error, "get_http_status_code", lambda: 0)()
    if status in (401, 403):
        return GaveNoAccess(
            f"gave no access ({shown}): set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and"
            " MLFLOW_TRACKING_PASSWORD, of a user who may read all experiments and models"
        )
    return CannotRead(f"failed while it was read ({shown}): see that it runs, and read it again")
