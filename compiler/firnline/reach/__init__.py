"""What is still needed: references of registries and runs, and what none of them covers."""
