"""What registries need, and rules would delete or archive out of reach."""
