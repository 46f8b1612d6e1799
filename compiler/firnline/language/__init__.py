"""Text → `Policy`: syntax, shape, units, model, and checks on what one folder says."""
