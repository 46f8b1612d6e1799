"""Does an S3 server that executes lifecycle rules do what our simulator says? See `docs/proof.md`.

`python -m tests.engines` plays random worlds on SeaweedFS and on `firnline.s3.simulate`, and
explains every difference by a row of `departures.TABLE`. The worlds are the same for the same seed.
"""
