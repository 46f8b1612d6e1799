"""What is stored, what it costs, and what the policies do with it, for people who decide."""
