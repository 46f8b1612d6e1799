"""A change of policies as its reviewer sees it."""
