"""What facts and prices say about rules: findings, each with the number that would pay."""
