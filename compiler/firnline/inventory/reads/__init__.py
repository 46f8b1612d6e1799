"""What S3's logs say of reads: of which keys, when, how often, and for which time that is known."""
