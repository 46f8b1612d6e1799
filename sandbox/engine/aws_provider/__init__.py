"""Stand-in for pulumi-aws over boto3: two S3 types, for machines where the real one cannot be had."""
