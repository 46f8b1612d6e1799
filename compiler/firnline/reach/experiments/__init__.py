"""Experiments, run groups and runs, whichever tracker has them."""
