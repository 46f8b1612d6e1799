"""Retention policies → S3 lifecycle rules that are proved to do what the policies say."""

__version__ = "0.1.0"
