"""A fleet → the policies of IAM that its roles need, and no more."""
