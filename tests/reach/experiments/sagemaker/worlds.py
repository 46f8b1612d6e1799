"""Teams that use SageMaker Experiments, in miniature, and their requests through boto3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from firnline import testing

ROLE = "arn:aws:iam::210987654321:role/training"
BUCKET = "s3://sagemaker-us-east-1-210987654321"
MODELS, OPTIMISERS, EPOCHS = ("cnn", "resnet"), ("adam", "sgd", "rmsprop"), (3, 6, 12)


@dataclass(frozen=True, slots=True)
class Account:
    """`sagemaker` and `metrics` are boto3 clients."""

    sagemaker: Any
    metrics: Any
    server: testing.Emulator

    def experiment(self, name: str, *trials: str) -> None:
        self.sagemaker.create_experiment(ExperimentName=name)
        for each in trials:
            self.sagemaker.create_trial(TrialName=each, ExperimentName=name)

    def component(self, name: str, *trials: str, status: str = "Completed", **more: Any) -> str:
        arn = self.sagemaker.create_trial_component(
            TrialComponentName=name, Status={"PrimaryStatus": status}, **more
        )["TrialComponentArn"]
        for each in trials:
            self.sagemaker.associate_trial_component(TrialComponentName=name, TrialName=each)
        return str(arn)

    def log(self, component: str, metric: str, values: Sequence[float]) -> None:
        """At most ten of them."""
        self.metrics.batch_put_metrics(
            TrialComponentName=component,
            MetricData=[
                {"MetricName": metric, "Step": step, "Value": value, "Timestamp": self.server.now}
                for step, value in enumerate(values)
            ],
        )

    def train(self, job: str, **more: Any) -> str:
        return str(
            self.sagemaker.create_training_job(
                TrainingJobName=job,
                AlgorithmSpecification={"TrainingInputMode": "File", "TrainingImage": "xgb:1"},
                RoleArn=ROLE,
                OutputDataConfig={"S3OutputPath": f"{BUCKET}/output"},
                ResourceConfig={
                    "InstanceType": "ml.m5.large",
                    "InstanceCount": 1,
                    "VolumeSizeInGB": 1,
                },
                StoppingCondition={"MaxRuntimeInSeconds": 60},
                **more,
            )["TrainingJobArn"]
        )


def classify_images(account: Account) -> None:
    """2 models × 3 optimisers × 3 numbers of epochs: a trial each, with a job and its validation
    accuracy, and the preprocessing that all of them share.
    """
    values = [*product(MODELS, OPTIMISERS, EPOCHS)]
    names = ["-".join(map(str, each)) for each in values]
    account.experiment("cifar10", *names)
    account.component(
        "preprocessing",
        *names,
        InputArtifacts={"script": {"Value": f"{BUCKET}/code/preprocess.py"}},
        OutputArtifacts={"dataset": {"Value": f"{BUCKET}/datasets/cifar10/"}},
    )
    for name, (model, optimiser, epochs) in zip(names, values, strict=True):
        account.train(
            name,
            ExperimentConfig={"TrialName": name, "TrialComponentDisplayName": "training"},
            HyperParameters={"model": model, "optimiser": optimiser, "epochs": str(epochs)},
        )
        steps = [round(0.6 + 0.02 * step, 2) for step in range(min(epochs, 10))]
        account.log(f"{name}-aws-training-job", "validation:accuracy", steps)


def sweep(account: Account) -> None:
    """max_depth × learning_rate × subsample as the SDK logs 18 runs: one trial, tags, uploads."""
    group = "Default-Run-Group-fraud"
    account.experiment("fraud", group)
    for depth, rate, subsample in product((4, 6, 8), (0.01, 0.05, 0.1), (0.7, 0.9)):
        name = f"fraud-depth-{depth}-rate-{rate}-sub-{subsample}".replace(".", "-")
        account.component(
            name,
            group,
            DisplayName=name.removeprefix("fraud-"),
            Parameters={
                "max_depth": {"NumberValue": depth},
                "learning_rate": {"NumberValue": rate},
                "subsample": {"NumberValue": subsample},
                "model_data": {"StringValue": f"{BUCKET}/experiments/output/{name}/model.tar.gz"},
            },
            OutputArtifacts={
                "confusion": {"Value": f"{BUCKET}/trial-component-artifacts/{name}/confusion.png"}
            },
            Tags=[{"Key": "sagemaker:trial-component-source", "Value": "run"}],
        )
        account.log(name, "validation:auc", [0.8, 0.85, 0.8 + depth / 100 + rate])


class Requests:
    """What reading runs needs, by a boto3 client. `answers` replaces answers of an operation, one
    by one, by what it makes of the true one.
    """

    def __init__(self, client: Any, answers: Mapping[str, Any] | None = None) -> None:
        self._client = client
        self._answers = answers or {}
        self.operations: list[str] = []

    def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        self.operations.append(operation)
        answer: dict[str, Any] = getattr(self._client, xform_name(operation))(**parameters)
        if operation in self._answers:
            answer = self._answers[operation](answer, parameters)
        return answer

    def items(self, operation: str, key: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        token = None
        while True:
            more: dict[str, Any] = {} if token is None else {"NextToken": token}
            page = self.call(operation, **parameters, **more)
            yield from page[key]
            token = page.get("NextToken")
            if not token:
                return

    def find(self, operation: str, **parameters: Any) -> Mapping[str, Any] | None:
        try:
            return self.call(operation, **parameters)
        except ClientError as error:
            if "ind trial component" in str(error) or "does not exist" in str(error):
                return None
            raise
