"""Do rules do what policies require, and what gets in the way? With a witness if not."""
