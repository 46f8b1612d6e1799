"""Which buckets there are, who owns their rules, and what is live on them."""
