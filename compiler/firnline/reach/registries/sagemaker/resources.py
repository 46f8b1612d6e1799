"""Which calls of SageMaker list and describe what may name a location: one line per resource."""

from __future__ import annotations

from collections.abc import Mapping
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

    def name_of(self, summary: Mapping[str, object]) -> str:
        return "/".join(str(summary[field]) for _, field in self.keys)


def _of(
    what: str,
    name: str,
    items: str,
    keys: str,
    role: Role,
    *,
    describe: str = "",
    status: str | None = None,
    search: str | None = None,
    is_sorted: bool = True,
) -> Resource:
    """`keys` are names of parameters, with `=` and the field of the summary where it differs."""
    pairs = (each.partition("=") for each in keys.split())
    return Resource(
        what,
        f"List{name}s",
        items,
        describe or f"Describe{name}",
        tuple((parameter, field or parameter) for parameter, _, field in pairs),
        role,
        status,
        search,
        is_sorted,
    )


def _job(what: str, name: str, items: str, search: str | None = None) -> Resource:
    describe = "DescribeAutoMLJobV2" if name == "AutoMLJob" else f"Describe{name}"
    return _of(
        what,
        name,
        items,
        f"{name}Name",
        Role.JOB,
        describe=describe,
        status=f"{name}Status",
        search=search,
    )


_REGISTERED, _DEPLOYED = Role.REGISTERED, Role.DEPLOYED

JOBS: Final = (
    _job("training job", "TrainingJob", "TrainingJobSummaries", "TrainingJob"),
    _job("processing job", "ProcessingJob", "ProcessingJobSummaries"),
    _job("transform job", "TransformJob", "TransformJobSummaries"),
    _job(
        "tuning job",
        "HyperParameterTuningJob",
        "HyperParameterTuningJobSummaries",
        "HyperParameterTuningJob",
    ),
    _job("AutoML job", "AutoMLJob", "AutoMLJobSummaries"),
    _job("compilation job", "CompilationJob", "CompilationJobSummaries"),
    _job("labeling job", "LabelingJob", "LabelingJobSummaryList"),
    _job("optimization job", "OptimizationJob", "OptimizationJobSummaries"),
)
MODELS: Final = _of("model", "Model", "Models", "ModelName", _REGISTERED, search="Model")
ENDPOINT_CONFIGS: Final = _of(
    "endpoint configuration",
    "EndpointConfig",
    "EndpointConfigs",
    "EndpointConfigName",
    _REGISTERED,
)
ENDPOINTS: Final = _of(
    "endpoint",
    "Endpoint",
    "Endpoints",
    "EndpointName",
    _DEPLOYED,
    status="EndpointStatus",
    search="Endpoint",
)
COMPONENTS: Final = _of(
    "inference component",
    "InferenceComponent",
    "InferenceComponents",
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
    _of(
        "feature group",
        "FeatureGroup",
        "FeatureGroupSummaries",
        "FeatureGroupName",
        _DEPLOYED,
        search="FeatureGroup",
    ),
    _of(
        "monitoring schedule",
        "MonitoringSchedule",
        "MonitoringScheduleSummaries",
        "MonitoringScheduleName",
        _DEPLOYED,
    ),
    *(
        _of(
            f"{what} job definition",
            f"{name}JobDefinition",
            "JobDefinitionSummaries",
            "JobDefinitionName=MonitoringJobDefinitionName",
            _DEPLOYED,
        )
        for what, name in _DEFINITIONS
    ),
    _of("model card", "ModelCard", "ModelCardSummaries", "ModelCardName", _REGISTERED),
    _of("algorithm", "Algorithm", "AlgorithmSummaryList", "AlgorithmName", _REGISTERED),
    _of(
        "inference experiment",
        "InferenceExperiment",
        "InferenceExperiments",
        "Name",
        _DEPLOYED,
    ),
    _of(
        "flow definition",
        "FlowDefinition",
        "FlowDefinitionSummaries",
        "FlowDefinitionName",
        _DEPLOYED,
        is_sorted=False,
    ),
    _of("domain", "Domain", "Domains", "DomainId", _DEPLOYED, is_sorted=False),
    _of("user profile", "UserProfile", "UserProfiles", "DomainId UserProfileName", _DEPLOYED),
    _of("space", "Space", "Spaces", "DomainId SpaceName", _DEPLOYED),
)
TRACKING_SERVERS: Final = (
    _of(
        "MLflow tracking server",
        "MlflowTrackingServer",
        "TrackingServerSummaries",
        "TrackingServerName",
        _DEPLOYED,
    ),
    _of("MLflow app", "MlflowApp", "Summaries", "Arn", _DEPLOYED),
)
GROUPS: Final = _of(
    "model package group",
    "ModelPackageGroup",
    "ModelPackageGroupSummaryList",
    "ModelPackageGroupName=ModelPackageGroupArn",
    _REGISTERED,
)
PACKAGES: Final = _of(
    "model package",
    "ModelPackage",
    "ModelPackageSummaryList",
    "ModelPackageName=ModelPackageArn",
    _REGISTERED,
    search="ModelPackage",
)
PIPELINES: Final = _of(
    "pipeline", "Pipeline", "PipelineSummaries", "PipelineName", _REGISTERED, search="Pipeline"
)
EXECUTIONS: Final = _of(
    "pipeline execution",
    "PipelineExecution",
    "PipelineExecutionSummaries",
    "PipelineExecutionArn",
    _REGISTERED,
    status="PipelineExecutionStatus",
    search="PipelineExecution",
)
ARTIFACTS: Final = _of(
    "lineage artifact", "Artifact", "ArtifactSummaries", "ArtifactArn", _REGISTERED
)
ASSOCIATIONS: Final = _of(
    "lineage association",
    "Association",
    "AssociationSummaries",
    "SourceArn DestinationArn",
    _REGISTERED,
    describe="ListAssociations",
)
