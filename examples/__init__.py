"""What machine-learning teams leave in a bucket, made by plain MLflow and boto3."""
