"""Which calls of SageMaker list and describe what may name a location: one line per resource."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Role(Enum):
    """What a record says about the locations in it.

    `job`: by its status. `registered`: pinned. `deployed`: held, such as what an endpoint loads
    again when it scales out, and what a feature store keeps.
    """

    JOB = "job"
    REGISTERED = "registered"
    DEPLOYED = "deployed"


@dataclass(frozen=True, slots=True)
class Resource:
    """`keys` are parameters of the description, each with the field of the summary that it takes.
    `search` is the resource of Search that counts it, where there is one.
    """

    what: str
    listing: str
    items: str
    describe: str
    keys: tuple[tuple[str, str], ...]
    role: Role
    status: str | None = None
    search: str | None = None
    is_sorted: bool = True

    def name_of(self, summary: dict[str, object]) -> str:
        return "/".join(str(summary[field]) for _, field in self.keys)


def _of(what: str, listing: str, items: str, describe: str, key: str, role: Role) -> Resource:
    parameter, _, field = key.partition("=")
    return Resource(what, listing, items, describe, ((parameter, field or parameter),), role)


def _job(name: str, items: str, key: str, what: str, search: str | None = None) -> Resource:
    status = f"{key.removesuffix('Name')}Status"
    describe = "DescribeAutoMLJobV2" if name == "AutoMLJob" else f"Describe{name}"
    return Resource(what, f"List{name}s", items, describe, ((key, key),), Role.JOB, status, search)


_JOB, _REGISTERED, _DEPLOYED = Role.JOB, Role.REGISTERED, Role.DEPLOYED

JOBS: Final = (
    _job("TrainingJob", "TrainingJobSummaries", "TrainingJobName", "training job", "TrainingJob"),
    _job("ProcessingJob", "ProcessingJobSummaries", "ProcessingJobName", "processing job"),
    _job("TransformJob", "TransformJobSummaries", "TransformJobName", "transform job"),
    _job(
        "HyperParameterTuningJob",
        "HyperParameterTuningJobSummaries",
        "HyperParameterTuningJobName",
        "tuning job",
        "HyperParameterTuningJob",
    ),
    _job("AutoMLJob", "AutoMLJobSummaries", "AutoMLJobName", "AutoML job"),
    _job("CompilationJob", "CompilationJobSummaries", "CompilationJobName", "compilation job"),
    _job("LabelingJob", "LabelingJobSummaryList", "LabelingJobName", "labeling job"),
    _job("OptimizationJob", "OptimizationJobSummaries", "OptimizationJobName", "optimization job"),
)
MODELS: Final = Resource(
    "model",
    "ListModels",
    "Models",
    "DescribeModel",
    (("ModelName", "ModelName"),),
    _REGISTERED,
    search="Model",
)
ENDPOINT_CONFIGS: Final = _of(
    "endpoint configuration",
    "ListEndpointConfigs",
    "EndpointConfigs",
    "DescribeEndpointConfig",
    "EndpointConfigName",
    _REGISTERED,
)
ENDPOINTS: Final = Resource(
    "endpoint",
    "ListEndpoints",
    "Endpoints",
    "DescribeEndpoint",
    (("EndpointName", "EndpointName"),),
    _DEPLOYED,
    "EndpointStatus",
    "Endpoint",
)
COMPONENTS: Final = _of(
    "inference component",
    "ListInferenceComponents",
    "InferenceComponents",
    "DescribeInferenceComponent",
    "InferenceComponentName",
    _DEPLOYED,
)
_DEFINITIONS: Final = (
    ("data quality", "DataQuality"),
    ("model quality", "ModelQuality"),
    ("bias", "ModelBias"),
    ("explainability", "ModelExplainability"),
)
STORES: Final = (
    Resource(
        "feature group",
        "ListFeatureGroups",
        "FeatureGroupSummaries",
        "DescribeFeatureGroup",
        (("FeatureGroupName", "FeatureGroupName"),),
        _DEPLOYED,
        search="FeatureGroup",
    ),
    _of(
        "monitoring schedule",
        "ListMonitoringSchedules",
        "MonitoringScheduleSummaries",
        "DescribeMonitoringSchedule",
        "MonitoringScheduleName",
        _DEPLOYED,
    ),
    *(
        _of(
            f"{what} job definition",
            f"List{name}JobDefinitions",
            "JobDefinitionSummaries",
            f"Describe{name}JobDefinition",
            "JobDefinitionName=MonitoringJobDefinitionName",
            _DEPLOYED,
        )
        for what, name in _DEFINITIONS
    ),
    _of(
        "model card",
        "ListModelCards",
        "ModelCardSummaries",
        "DescribeModelCard",
        "ModelCardName",
        _REGISTERED,
    ),
    Resource(
        "domain",
        "ListDomains",
        "Domains",
        "DescribeDomain",
        (("DomainId", "DomainId"),),
        _DEPLOYED,
        is_sorted=False,
    ),
)
TRACKING_SERVERS: Final = (
    _of(
        "MLflow tracking server",
        "ListMlflowTrackingServers",
        "TrackingServerSummaries",
        "DescribeMlflowTrackingServer",
        "TrackingServerName",
        _DEPLOYED,
    ),
    _of("MLflow app", "ListMlflowApps", "Summaries", "DescribeMlflowApp", "Arn", _DEPLOYED),
)
GROUPS: Final = _of(
    "model package group",
    "ListModelPackageGroups",
    "ModelPackageGroupSummaryList",
    "DescribeModelPackageGroup",
    "ModelPackageGroupName=ModelPackageGroupArn",
    _REGISTERED,
)
PACKAGES: Final = Resource(
    "model package",
    "ListModelPackages",
    "ModelPackageSummaryList",
    "DescribeModelPackage",
    (("ModelPackageName", "ModelPackageArn"),),
    _REGISTERED,
    search="ModelPackage",
)
PIPELINES: Final = Resource(
    "pipeline",
    "ListPipelines",
    "PipelineSummaries",
    "DescribePipeline",
    (("PipelineName", "PipelineName"),),
    _REGISTERED,
    search="Pipeline",
)
EXECUTIONS: Final = Resource(
    "pipeline execution",
    "ListPipelineExecutions",
    "PipelineExecutionSummaries",
    "DescribePipelineExecution",
    (("PipelineExecutionArn", "PipelineExecutionArn"),),
    _REGISTERED,
    "PipelineExecutionStatus",
    "PipelineExecution",
)
ARTIFACTS: Final = _of(
    "lineage artifact",
    "ListArtifacts",
    "ArtifactSummaries",
    "DescribeArtifact",
    "ArtifactArn",
    _REGISTERED,
)
ASSOCIATIONS: Final = Resource(
    "lineage association",
    "ListAssociations",
    "AssociationSummaries",
    "ListAssociations",
    (("SourceArn", "SourceArn"), ("DestinationArn", "DestinationArn")),
    _REGISTERED,
)
