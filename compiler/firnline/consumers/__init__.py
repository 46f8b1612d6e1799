"""Who reads a bucket in a layout of which S3 knows nothing, and what does it need of it?"""
