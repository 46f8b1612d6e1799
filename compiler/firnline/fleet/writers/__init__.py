"""Who wrote the lifecycle of a bucket, when, and do two writers undo each other's rules?"""
