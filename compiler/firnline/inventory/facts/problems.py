"""Why facts cannot be had: each names a file, and says what is wrong and what it means.

There is no smaller answer instead: what a forecast does not count must not look like savings.
"""

from __future__ import annotations

from firnline.diagnostics.visible import visible


class UnusableInventory(Exception):
    """`file` is as people call it; `why` may quote what a file says."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{visible(file)} {visible(why)}")
        self.file = file


class NotAManifest(UnusableInventory):
    """It is no manifest.json of S3 Inventory, or lacks what one has."""


class MissingFile(UnusableInventory):
    """It is not where it should be."""


class TruncatedFile(UnusableInventory):
    """It is shorter than S3 wrote it."""


class AlteredFile(UnusableInventory):
    """Its MD5 is not that of what S3 wrote."""


class UnknownFields(UnusableInventory):
    """The inventory has fields that may change what its rows mean."""


class OtherFields(UnusableInventory):
    """A data file has other fields than its manifest says."""


class StaleInventory(UnusableInventory):
    """It was made before the limit that the caller set."""


class SameBucketTwice(UnusableInventory):
    """Two inventories are of one bucket, so that its objects would count twice."""


class NotATable(UnusableInventory):
    """It is no Parquet file of an S3 Metadata live inventory table."""


class SeveralBuckets(UnusableInventory):
    """A table has rows of more than one bucket."""


class WrongDate(UnusableInventory):
    """A table has objects that were made after it is said to be."""


class SameVersionTwice(UnusableInventory):
    """A table has two rows of one version, so that nothing says which of them is true."""


class UnreadableRows(UnusableInventory):
    """A value in a data file is not what its field should hold."""


class NotEnoughRoom(UnusableInventory):
    """What was asked of it needs more memory than is allowed, or more disk than is free."""
