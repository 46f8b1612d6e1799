"""What does S3 do with a stored item under these rules? The reference meaning of S3 lifecycle."""
