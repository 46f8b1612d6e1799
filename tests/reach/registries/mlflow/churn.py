"""A year of churn in MLflow: what people delete although it is registered."""

from __future__ import annotations

from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, LoggedModelInput, Metric, Param, RunTag

BUCKET = "acme-ml"


class Churn:
    """Versions of the model `prod`: 1 of a deleted logged model, 2 in a deleted run, 3 elsewhere, 4
    deleted; and `copy`, which is a copy of the first."""

    def __init__(self, store: Path, client: MlflowClient) -> None:
        self.store = store
        self.experiment = client.create_experiment("churn", artifact_location=f"s3://{BUCKET}/ml/1")
        base = client.create_logged_model(self.experiment, "base")
        self.base = base.artifact_location
        one = client.create_run(self.experiment, run_name="one", tags={"mlflow.user": "ada"})
        self.one = one.info.run_id
        client.log_batch(
            self.one,
            metrics=[Metric("auc", 0.9, 1_700_000_000_000, 3), Metric("loss", float("nan"), 5, 0)],
            params=[Param("ckpt_uri", f"s3://{BUCKET}/warm start/epoch-3"), Param("depth", "6")],
            tags=[RunTag("note", f"see s3://{BUCKET}/notes/one.md.")],
        )
        source = f'{{"uri": "s3://{BUCKET}/data/caf\\u00e9 2026/train.parquet"}}'
        dataset = Dataset("train", "d1", "s3", source)
        client.log_inputs(self.one, [DatasetInput(dataset, [])], [LoggedModelInput(base.model_id)])
        model = client.create_logged_model(self.experiment, "churn", source_run_id=self.one)
        self.model = model
        client.create_registered_model("prod")
        client.create_model_version("prod", f"models:/{model.model_id}")
        client.set_registered_model_alias("prod", "champion", "1")
        two = client.create_run(self.experiment, run_name="two")
        self.two = two.info.run_id
        client.create_model_version(
            "prod", f"{two.info.artifact_uri}/legacy_model", run_id=self.two
        )
        client.transition_model_version_stage("prod", "2", "Staging")
        client.create_registered_model("copy")
        client.create_model_version("copy", "models:/prod/1")
        three = client.create_run(self.experiment, run_name="three")
        self.three = three.info.run_id
        client.set_terminated(self.three, "KILLED")
        self.losing = client.create_logged_model(self.experiment, "loser", source_run_id=self.three)
        client.create_model_version("prod", f"s3a://{BUCKET}/external/v3/")
        client.create_model_version("prod", f"s3://{BUCKET}/old/v4")
        client.delete_model_version("prod", "4")
        client.delete_run(self.one)
        client.delete_run(self.two)
        client.delete_logged_model(model.model_id)
        gone = client.create_experiment("gone", artifact_location=f"s3://{BUCKET}/ml/2")
        chosen = client.create_experiment("chosen", artifact_location=f"s3://{BUCKET}/shared")
        client.delete_experiment(gone)
        client.delete_experiment(chosen)
