"""Is what S3 has still what the policies say: rules, versioning, Object Lock, buckets, replicas?"""
