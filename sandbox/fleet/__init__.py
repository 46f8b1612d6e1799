"""A fleet of accounts in waves: made in the world that runs, with a Pulumi project for it."""
