"""The sample world: three accounts, seven buckets, and what machine-learning teams leave there."""
