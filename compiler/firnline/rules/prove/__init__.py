"""Do rules do what policies ask, and do two configurations do the same? With a witness if not."""
