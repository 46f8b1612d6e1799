"""What is stored, as one typed table that is read in batches: S3's own inventories → `Facts`.

It needs the extra `firnline[inventory]`: DuckDB and pyarrow. Import it where it is used.
"""
