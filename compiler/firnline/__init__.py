"""Firnline: a retention policy in, S3 lifecycle rules out that are checked to do what it says."""
