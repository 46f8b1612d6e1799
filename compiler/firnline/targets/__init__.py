"""`RuleSet` → outputs: text and data for people and programs, and resources for Pulumi."""
