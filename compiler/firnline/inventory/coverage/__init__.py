"""What is stored, as far as the retentions of policies match it, whatever form tells of it."""
