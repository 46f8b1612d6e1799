"""Firnline: a retention policy in, S3 lifecycle rules out that are checked to do what it says."""

__version__ = "0.1.0"
