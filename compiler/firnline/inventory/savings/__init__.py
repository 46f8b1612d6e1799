"""What was forecast for a change of rules, and what came of it."""
