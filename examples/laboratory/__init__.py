"""A laboratory to audit: a bucket, four registries, and a list of what in it nobody needs."""
