"""Do two sets of lifecycle rules do the same, and where not? Cell by cell, with a witness."""
