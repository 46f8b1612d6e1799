"""What training leaves behind: a registry or a run knows who needs it, its keys do not."""

from __future__ import annotations

from typing import Final

from firnline.consumers.layout import FOLDER, LATER, Layout, Source

_REGISTRY: Final = "`firnline gc refs` reads who needs what, and `check --references` says so"

MLFLOW: Final = Layout(
    called="MLflow artifact root",
    plural="MLflow artifact roots",
    sign="`EXPERIMENT/RUN/artifacts/` or `EXPERIMENT/models/m-ID/artifacts/`",
    mark=f"{FOLDER}[0-9]+/(?:[0-9a-f]{{32}}|models/m-[0-9a-f]{{32}})/artifacts/.+",
    hints=("/artifacts/",),
    by_age="what no run, model or alias needs; the tracking server keeps rows of what is gone",
    instead=f"`mlflow gc` deletes the artifacts of deleted runs; {_REGISTRY}",
    untold="which runs and models are kept: the tracking server knows",
    sources=(
        Source(
            "https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/file_store.py",
            "an experiment's artifacts are below EXPERIMENT of the root unless it names a place,"
            " those of a run below RUN/artifacts of that",
            LATER,
        ),
    ),
)

SAGEMAKER_JOBS: Final = Layout(
    called="folder of SageMaker training jobs",
    plural="folders of SageMaker training jobs",
    sign="`JOB/output/model.tar.gz` or `output.tar.gz`",
    mark=f"{FOLDER}[^/]+/output/(?:model|output)[.]tar[.]gz",
    hints=("/output/",),
    by_age="what no model package, model or endpoint needs",
    instead=f"nothing else deletes them; {_REGISTRY}",
    untold="which models are registered or deployed: SageMaker knows",
    sources=(
        Source(
            "https://docs.amazonaws.cn/en_us/sagemaker/latest/dg/"
            "your-algorithms-training-algo-output.html",
            "a model, and other output, is one compressed tar in S3",
        ),
    ),
)

CHECKPOINTS: Final = Layout(
    called="folder of training checkpoints",
    plural="folders of training checkpoints",
    sign="`checkpoint-STEP/`, `epoch=…-step=….ckpt`, `global_stepN/`",
    mark=(
        f"{FOLDER}(?:checkpoint-[0-9]+/.+|[^/]*epoch=[0-9]+-step=[0-9]+[^/]*[.]ckpt(?:/.*)?"
        "|global_step[0-9]+/.+)"
    ),
    hints=("checkpoint-", "-step=", "global_step"),
    by_age="all that no run resumes from; the newest of each run is what it resumes from",
    instead="`save_total_limit` or `save_top_k` of the trainer deletes older ones while it runs",
    untold="which checkpoint is the newest of a run that still trains",
    sources=(
        Source(
            "https://github.com/huggingface/transformers/blob/main/src/transformers/trainer_utils.py",
            "`checkpoint-STEP`; the one with the highest step is resumed from",
            LATER,
        ),
        Source(
            "https://github.com/huggingface/transformers/blob/main/src/transformers/training_args.py",
            "`save_total_limit` deletes older checkpoints, but not the best where that is loaded",
            LATER,
        ),
        Source(
            "https://lightning.ai/docs/pytorch/stable/api/"
            "pytorch_lightning.callbacks.ModelCheckpoint.html",
            "`save_top_k`",
        ),
    ),
)

DEBUGGER: Final = Layout(
    called="SageMaker Debugger output",
    plural="SageMaker Debugger outputs",
    sign="`debug-output/events/` and its like, `profiler-output/`",
    mark=(
        f"{FOLDER}(?:debug-output/(?:collections|events|index)/.+"
        "|profiler-output/(?:framework|system)/.+)"
    ),
    hints=("debug-output/", "profiler-output/"),
    by_age="all of it, once nobody analyses the job",
    instead="nothing else deletes it",
    untold="whether somebody still analyses the job",
    sources=(
        Source(
            "https://docs.amazonaws.cn/en_us/sagemaker/latest/dg/debugger-configure-tensor-hook.html",
            "`JOB/debug-output/`",
        ),
    ),
)

TENSORBOARD: Final = Layout(
    called="folder of TensorBoard events",
    plural="folders of TensorBoard events",
    sign="`events.out.tfevents.TIME.…`",
    mark=f"{FOLDER}events[.]out[.]tfevents[.][0-9]+[.].*",
    hints=("events.out.tfevents.",),
    by_age="all of it, once nobody compares the run",
    instead="nothing else deletes it",
    untold="whether somebody still compares the run",
    sources=(
        Source(
            "https://github.com/tensorflow/tensorboard/blob/master/tensorboard/summary/writer/"
            "event_file_writer.py",
            "event files `events.out.tfevents.TIME.HOST.PROCESS.NUMBER`",
            LATER,
        ),
    ),
)

TRAINING: Final = (MLFLOW, SAGEMAKER_JOBS, CHECKPOINTS, DEBUGGER, TENSORBOARD)
