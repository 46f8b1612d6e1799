"""What S3 accepts: facts as tables, each with its source, and a judge of configurations."""
