"""One module for each form of output. `cli/formats.py` lists them all, and those of diagnostics."""
