"""What S3 costs in a region: dated figures, each with its source."""
