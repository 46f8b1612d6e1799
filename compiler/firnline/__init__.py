"""Firnline: retention policies in, and out come S3 lifecycle rules that are proved to do what they
say.
"""

__version__ = "0.1.0"
