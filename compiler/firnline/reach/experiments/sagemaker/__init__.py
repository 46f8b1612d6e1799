"""Runs out of SageMaker Experiments, by boto3."""

from firnline.reach.experiments.sagemaker.read import RunsRead, read_runs

__all__ = ["RunsRead", "read_runs"]
