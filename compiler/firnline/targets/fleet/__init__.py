"""The page of a fleet: what holds where, what drifted, what no policy covers and what it costs."""
