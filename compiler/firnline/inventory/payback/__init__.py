"""What a transition costs and saves: for each object, each byte, and all that it moves."""
