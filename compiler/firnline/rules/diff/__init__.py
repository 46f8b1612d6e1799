"""What changes for objects between two sides, by meaning? As items that a person can approve."""
