"""What does S3 do with this? Cases in the published format, and whether we say the same."""
