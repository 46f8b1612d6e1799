"""Who finds what: Firnline and its peers, on the same lifecycle configurations."""
