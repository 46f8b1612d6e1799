"""What cannot be read as a listing, and which forms are."""

from __future__ import annotations

from typing import Final

ACCEPTED: Final = (
    "JSON or YAML of `aws s3api list-objects-v2`, `list-object-versions` or"
    " `list-multipart-uploads`; S3 Inventory's manifest.json, or a CSV file of it; JSON of"
    " `rclone lsjson -R` or `mc ls --recursive --json`; or CSV whose first line names the columns"
    " (Key, Size, LastModified, …)"
)


class NotAListing(ValueError):
    """The text says why; it completes a sentence that begins with the file's name."""
