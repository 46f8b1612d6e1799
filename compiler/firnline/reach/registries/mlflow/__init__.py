"""MLflow 3, read by one SQL snapshot of its backend store or over REST."""
