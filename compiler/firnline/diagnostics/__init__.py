"""What Firnline says about a policy: positions, kinds, and one module per rendering."""
