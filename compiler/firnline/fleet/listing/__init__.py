"""A live bucket → an inventory of it on disk, in S3's own layout. Reads AWS."""
