"""SageMaker: what its registry, endpoints, jobs, pipelines and lineage still need in S3."""
