"""Text → `Policy`: syntax, shape, units, model, and checks on the files of one folder."""
