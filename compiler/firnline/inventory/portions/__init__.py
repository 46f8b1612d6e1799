"""What is stored, cut into portions: what each costs, and what its rules do with it, and when."""
