"""Which buckets there are, whose rules they carry, and what is live on them."""
