"""What AWS decides and no request can: how a job ended, and when something was made and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends

from firnline.testing.sagemaker.call import moment
from firnline.testing.sagemaker.jobs import component_of, end_training_job

_STATUSES = ("InProgress", "Stopping", "Completed", "Failed", "Stopped")
_STATUS_OF = {
    "training-job": "training_job_status",
    "processing-job": "processing_job_status",
    "transform-job": "transform_job_status",
}


class BadSageMakerChange(ValueError):
    """The change is not possible; the text says why."""


@dataclass(frozen=True, slots=True)
class SageMakerChange:
    """Of the resource with this ARN, what is given. Moments are UTC; `ended` is now by default.
    `created_by` is the name of a user profile.
    """

    arn: str
    status: str = ""
    reason: str = ""
    created: datetime | None = None
    ended: datetime | None = None
    created_by: str = ""


def read_change(description: object) -> SageMakerChange:
    """JSON → `SageMakerChange`, times as ISO 8601 with a time zone; raises `BadSageMakerChange`."""
    if not isinstance(description, Mapping):
        raise BadSageMakerChange("a change is a JSON object")
    known = SageMakerChange.__dataclass_fields__
    if unknown := sorted(set(description) - set(known)):
        raise BadSageMakerChange(
            f"`{unknown[0]}` is not known; expected one of: {', '.join(known)}"
        )
    if not all(isinstance(each, str) for each in description.values()):
        raise BadSageMakerChange("all values are texts")
    if "arn" not in description:
        raise BadSageMakerChange("`arn` is missing")
    given = dict(description)
    for name in ("created", "ended"):
        if name in given:
            given[name] = _read_moment(name, given[name])
    return SageMakerChange(**given)


def change(wanted: SageMakerChange, now: datetime) -> None:
    """Raises `BadSageMakerChange`."""
    backend, kind, made = _find(wanted.arn)
    component = component_of(backend, made) if kind == "training-job" else None
    for each in filter(None, (made, component)):
        if wanted.created is not None:
            _date(each, moment(wanted.created))
        if wanted.created_by:
            each.created_by = _profile(wanted)
    if wanted.status:
        _end(backend, kind, made, wanted, moment(wanted.ended or now))
    elif wanted.ended is not None:
        raise BadSageMakerChange("`ended` goes with `status`")


def _date(made: Any, created: datetime) -> None:
    made.creation_time = made.last_modified_time = created
    for start in ("training_start_time", "start_time"):
        if getattr(made, start, None) is not None:
            setattr(made, start, created)


def _end(backend: Any, kind: str, made: Any, wanted: SageMakerChange, ended: datetime) -> None:
    if wanted.status not in _STATUSES:
        raise BadSageMakerChange(f"`status` is one of: {', '.join(_STATUSES)}")
    if kind == "training-job":
        end_training_job(backend, made, wanted.status, wanted.reason or None, ended)
    elif kind in _STATUS_OF:
        setattr(made, _STATUS_OF[kind], wanted.status)
        made.failure_reason = wanted.reason or None
        made.last_modified_time = ended
    else:
        raise BadSageMakerChange(f"a {kind} has no status here")


def _find(arn: str) -> tuple[Any, str, Any]:
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] != "sagemaker":
        raise BadSageMakerChange(f"`{arn}` is no ARN of SageMaker")
    backend = sagemaker_backends[parts[4]][parts[3]]
    kind, _, name = parts[5].partition("/")
    found = _kept(backend, kind).get(arn if kind == "model-package" else name)
    if found is None:
        raise BadSageMakerChange(f"there is no {arn}")
    return backend, kind, found


def _kept(backend: SageMakerModelBackend, kind: str) -> Mapping[str, Any]:
    match kind:
        case "training-job":
            return backend.training_jobs
        case "processing-job":
            return backend.processing_jobs
        case "transform-job":
            return backend.transform_jobs
        case "experiment":
            return backend.experiments
        case "experiment-trial":
            return backend.trials
        case "experiment-trial-component":
            return backend.trial_components
        case "model-package":
            return backend.model_packages
        case _:
            raise BadSageMakerChange(f"a {kind} cannot be changed")


def _profile(wanted: SageMakerChange) -> dict[str, str]:
    place = ":".join(wanted.arn.split(":")[:5])
    arn = f"{place}:user-profile/d-firnline/{wanted.created_by}"
    return {"UserProfileArn": arn, "UserProfileName": wanted.created_by, "DomainId": "d-firnline"}


def _read_moment(name: str, text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSageMakerChange(f"`{name}` is a time as in 2026-03-01T12:00:00Z") from error
    if read.tzinfo is None:
        raise BadSageMakerChange(f"`{name}` has no time zone")
    return read
