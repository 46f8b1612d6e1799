"""The retention schedule: how long what is kept, who says so, what guarantees or suspends it."""
