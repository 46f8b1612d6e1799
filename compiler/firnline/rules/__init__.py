"""`Policy` → `RuleSet`: the union per bucket, what S3 accepts, the rules, and checks on them."""
