"""Pulumi's previews and stacks → what its AWS provider sends to S3."""
