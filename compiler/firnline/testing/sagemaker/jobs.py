"""Jobs: the trial component of each training job, how a job ends, and StopTrainingJob."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.models import FakeTrialComponent

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Json, Refused, json_response

SUFFIX = "-aws-training-job"
"""SageMaker names the component that it makes for a training job by it."""

RUNNING = frozenset({"InProgress", "Stopping"})
_DROPPED = ("Environment", "ProfilerConfig", "RetryStrategy")


def create_training_job(call: Call) -> Response:
    """A component for the job, in the trial that its `ExperimentConfig` names, where it does."""
    name = call.body["TrainingJobName"]
    if name in call.backend.training_jobs:
        raise Refused(f"Training job names must be unique: {name} exists", "ResourceInUse")
    trial = (call.body.get("ExperimentConfig") or {}).get("TrialName")
    if trial is not None and trial not in call.backend.trials:
        raise Refused(f"Trial {trial} does not exist")
    response = call.to_moto()
    if response.status != 200:
        return response
    job = call.backend.training_jobs[name]
    for member in _DROPPED:
        setattr(job, camelcase_to_underscores(member), call.body.get(member))
    component = _new_component(job, call)
    call.backend.trial_components[component.trial_component_name] = component
    if trial is not None:
        call.backend.trials[trial].trial_components.append(component.trial_component_name)
    return response


def stop_training_job(call: Call) -> Response:
    """At once, where AWS takes up to two minutes; only what is in progress can be stopped."""
    name = call.body["TrainingJobName"]
    job = call.backend.training_jobs.get(name)
    if job is None:
        raise Refused("Requested resource not found.")
    if job.training_job_status not in RUNNING:
        raise Refused(f"The job {name} has the status {job.training_job_status}")
    end_training_job(call.backend, job, "Stopped", None, call.now)
    return json_response({})


def end_training_job(
    backend: Any, job: Any, status: str, reason: str | None, ended: datetime
) -> None:
    """Of its component too. A job that is in progress or failed has no model."""
    job.training_job_status = job.secondary_status = status
    job.failure_reason = reason
    job.last_modified_time = ended
    job.training_end_time = None if status in RUNNING else ended
    has_model = status in ("Completed", "Stopped")
    job.model_artifacts = _model_artifacts(job) if has_model else None
    component = component_of(backend, job)
    if component is None:
        return
    component.status = _component_status(job)
    component.end_time, component.last_modified_time = job.training_end_time, ended
    component.output_artifacts = _outputs(job)


def component_of(backend: Any, job: Any) -> Any:
    """None where somebody deleted it."""
    return backend.trial_components.get(f"{job.training_job_name}{SUFFIX}")


def _new_component(job: Any, call: Call) -> FakeTrialComponent:
    config = job.experiment_config or {}
    made = FakeTrialComponent(
        account_id=call.backend.account_id,
        region_name=call.backend.region_name,
        trial_component_name=f"{job.training_job_name}{SUFFIX}",
        display_name=config.get("TrialComponentDisplayName"),
        start_time=job.training_start_time,
        end_time=job.training_end_time,
        parameters={name: _parameter(text) for name, text in (job.hyper_parameters or {}).items()},
        input_artifacts=_inputs(job),
        output_artifacts=_outputs(job),
        metadata_properties=None,
        status=_component_status(job),
        trial_name=None,
        tags=[],
    )
    made.created_by = made.last_modified_by = call.caller
    made.__dict__["source"] = {"SourceArn": job.arn, "SourceType": "SageMakerTrainingJob"}
    made.__dict__["run_name"] = config.get("RunName")
    return made


def _component_status(job: Any) -> dict[str, str]:
    status = {"PrimaryStatus": job.training_job_status}
    reason = getattr(job, "failure_reason", None)
    return {**status, "Message": reason} if reason else status


def _inputs(job: Any) -> dict[str, dict[str, str]]:
    image = (job.algorithm_specification or {}).get("TrainingImage")
    found = {"SageMaker.ImageUri": image} if image else {}
    for channel in job.input_data_config or ():
        uri = channel.get("DataSource", {}).get("S3DataSource", {}).get("S3Uri")
        if uri:
            found[channel["ChannelName"]] = uri
    return {name: {"Value": value} for name, value in found.items()}


def _outputs(job: Any) -> dict[str, dict[str, str]]:
    model = (job.model_artifacts or {}).get("S3ModelArtifacts")
    return {"SageMaker.ModelArtifact": {"Value": model}} if model else {}


def _model_artifacts(job: Any) -> Json:
    output = job.output_data_config["S3OutputPath"].rstrip("/")
    return {"S3ModelArtifacts": f"{output}/{job.training_job_name}/output/model.tar.gz"}


def _parameter(text: str) -> dict[str, str | float]:
    try:
        return {"NumberValue": float(text)}
    except ValueError:
        return {"StringValue": text}
