"""CloudFormation and SAM templates → what CloudFormation sends to S3."""
