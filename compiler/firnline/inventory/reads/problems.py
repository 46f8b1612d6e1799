"""Why reads cannot be known."""

from __future__ import annotations


class UnusableReads(Exception):
    """The text names the file, if it is one, and says what is wrong."""
