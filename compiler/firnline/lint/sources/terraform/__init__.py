"""Terraform's plans, states and JSON configurations → what its AWS provider sends to S3."""
