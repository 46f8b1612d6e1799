"""Do rules do what policies require, and what interferes? With a witness if not."""
