"""S3's own verdict: is the day on which S3 says that it expires an object the day of our rules?"""
