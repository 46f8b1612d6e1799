"""Does a small network of our own beat ResNet50 on CIFAR-10? 18 trials in SageMaker Experiments.

2 models × 3 optimisers × 3 numbers of epochs. What all trials have in common (the dataset, the
preprocessing script) is one component that every trial shares. Training is made up: `accuracy` says
what it might have reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from examples.artifacts import GIB, KIB, MIB, ArtifactBucket
from examples.sandbox_requests import tell

EXPERIMENT = "image-classification"
HYPOTHESIS = "a network of our own beats ResNet50 on CIFAR-10"
MODELS = ("custom-cnn", "resnet50")
OPTIMISERS = ("adam", "sgd", "rmsprop")
EPOCHS = (30, 60, 120)
DATASET, SCRIPT = "datasets/cifar10/", "code/preprocess.py"
JOBS = "sagemaker/image-classification"
FAILED_JOB, STOPPED_JOB = "resnet50-adam-300", "custom-cnn-sgd-300"
EVE = "eve"
ROLE = "arn:aws:iam::{account}:role/retention"
IMAGE = "{account}.dkr.ecr.us-east-1.amazonaws.com/vision:2026-03"


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of variables, and what its training job left."""

    name: str
    accuracy: float
    model_data: str
    checkpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Laboratory:
    """`sagemaker` is a boto3 client of the sandbox at `endpoint`."""

    endpoint: str
    sagemaker: Any
    account: str
    bucket: ArtifactBucket


def classify(lab: Laboratory, began: datetime) -> list[Trial]:
    """The trials, the best first. The best is registered, approved and deployed."""
    lab.sagemaker.create_experiment(ExperimentName=EXPERIMENT, Description=HYPOTHESIS)
    shared = _preprocessing(lab, began)
    grid = product(MODELS, OPTIMISERS, EPOCHS)
    trials = [
        _train(lab, shared, each, began + timedelta(hours=8 * number))
        for number, each in enumerate(grid)
    ]
    trials.sort(key=lambda trial: trial.accuracy, reverse=True)
    _end_early(lab, FAILED_JOB, "Failed", "CUDA out of memory", began)
    _end_early(lab, STOPPED_JOB, "Stopped", "", began)
    _register(lab, trials[0])
    _deploy(lab, trials[0])
    return trials


def accuracy(model: str, optimiser: str, epochs: int) -> float:
    best = {"custom-cnn": 0.914, "resnet50": 0.902}[model]
    lost = {"adam": 0.0, "sgd": 0.011, "rmsprop": 0.006}[optimiser]
    return round(best - lost - 0.9 / epochs, 4)


def _preprocessing(lab: Laboratory, at: datetime) -> str:
    for number in range(5):
        lab.bucket.put(lab.bucket.uri(f"{DATASET}part-{number:05d}.tfrecord"), 35 * MIB, at)
    lab.bucket.put(lab.bucket.uri(SCRIPT), 6 * KIB, at)
    name = "cifar10-preprocessing"
    lab.sagemaker.create_trial_component(
        TrialComponentName=name,
        Status={"PrimaryStatus": "Completed"},
        Parameters={"train_fraction": {"NumberValue": 0.8}, "image_size": {"NumberValue": 32}},
        InputArtifacts={"script": {"Value": lab.bucket.uri(SCRIPT)}},
        OutputArtifacts={"dataset": {"Value": lab.bucket.uri(DATASET)}},
    )
    return name


def _train(lab: Laboratory, shared: str, values: tuple[str, str, int], at: datetime) -> Trial:
    model, optimiser, epochs = values
    name = f"{model}-{optimiser}-{epochs}"
    reached = accuracy(model, optimiser, epochs)
    lab.sagemaker.create_trial(TrialName=name, ExperimentName=EXPERIMENT)
    job = _training_job(lab, name, at, {"ExperimentName": EXPERIMENT, "TrialName": name})
    tell(
        lab.endpoint,
        "sagemaker",
        job | {"status": "Completed", "ended": (at + timedelta(hours=6)).isoformat()},
    )
    data = lab.bucket.uri(f"{JOBS}/output/{name}/output/model.tar.gz")
    lab.bucket.put(data, 1 * GIB, at + timedelta(hours=6))
    checkpoints = _checkpoints(lab, name, epochs, at)
    component = f"{name}-training"
    lab.sagemaker.create_trial_component(
        TrialComponentName=component,
        Status={"PrimaryStatus": "Completed"},
        Parameters={
            "model": {"StringValue": model},
            "optimiser": {"StringValue": optimiser},
            "epochs": {"NumberValue": epochs},
            "val_accuracy": {"NumberValue": reached},
            "model_data": {"StringValue": data},
        },
        InputArtifacts={"dataset": {"Value": lab.bucket.uri(DATASET)}},
        OutputArtifacts={"model": {"Value": data}},
    )
    for each in (shared, component):
        lab.sagemaker.associate_trial_component(TrialComponentName=each, TrialName=name)
    return Trial(name, reached, data, checkpoints)


def _end_early(lab: Laboratory, name: str, status: str, reason: str, at: datetime) -> None:
    """A job that left checkpoints and no model, and that nobody looked at again."""
    job = _training_job(lab, name, at, {})
    ended = {"status": status, "reason": reason, "ended": (at + timedelta(hours=1)).isoformat()}
    tell(lab.endpoint, "sagemaker", job | ended)
    _checkpoints(lab, name, 50, at)


def _checkpoints(lab: Laboratory, name: str, epochs: int, at: datetime) -> tuple[str, ...]:
    found = tuple(
        lab.bucket.uri(f"{JOBS}/checkpoints/{name}/epoch-{epoch:03d}.pt")
        for epoch in range(10, epochs + 1, 10)
    )
    for number, each in enumerate(found):
        lab.bucket.put(each, 6 * GIB, at + timedelta(minutes=10 * number))
    return found


def _training_job(
    lab: Laboratory, name: str, at: datetime, experiment: dict[str, str]
) -> dict[str, str]:
    """What the sandbox is told of it: which job, and when and by whom it was begun."""
    made = lab.sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE.format(account=lab.account),
        AlgorithmSpecification={
            "TrainingImage": IMAGE.format(account=lab.account),
            "TrainingInputMode": "File",
        },
        InputDataConfig=[
            {
                "ChannelName": "train",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": lab.bucket.uri(DATASET),
                    }
                },
            }
        ],
        OutputDataConfig={"S3OutputPath": lab.bucket.uri(f"{JOBS}/output")},
        CheckpointConfig={"S3Uri": lab.bucket.uri(f"{JOBS}/checkpoints/{name}/")},
        ResourceConfig={"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50},
        StoppingCondition={"MaxRuntimeInSeconds": 28_800},
        **({"ExperimentConfig": experiment} if experiment else {}),
    )
    return {"arn": made["TrainingJobArn"], "created": at.isoformat(), "created_by": EVE}


def _register(lab: Laboratory, best: Trial) -> None:
    lab.sagemaker.create_model_package_group(ModelPackageGroupName="image-classifier")
    lab.sagemaker.create_model_package(
        ModelPackageGroupName="image-classifier",
        ModelPackageDescription=f"best trial of {EXPERIMENT}: {best.name}",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [
                {"Image": IMAGE.format(account=lab.account), "ModelDataUrl": best.model_data}
            ],
            "SupportedContentTypes": ["image/png"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
    )


def _deploy(lab: Laboratory, best: Trial) -> None:
    name = "image-classifier-prod"
    lab.sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE.format(account=lab.account),
        PrimaryContainer={
            "Image": IMAGE.format(account=lab.account),
            "ModelDataUrl": best.model_data,
        },
    )
    lab.sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {
                "VariantName": "all",
                "ModelName": name,
                "InitialInstanceCount": 1,
                "InstanceType": "ml.c5.large",
            }
        ],
    )
    lab.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
