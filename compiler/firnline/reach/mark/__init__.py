"""Which stored objects does no reference cover, and why? It reads only."""
