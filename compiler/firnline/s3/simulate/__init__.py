"""What does S3 do with one thing under these rules? The reference meaning of S3 lifecycle."""
