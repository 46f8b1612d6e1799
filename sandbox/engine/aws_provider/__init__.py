"""Stand-in for pulumi-aws over boto3: two S3 types, for machines without the real one."""
