"""Which policy pays for a bucket: tiers, old versions and uploads, each with its dollars."""
