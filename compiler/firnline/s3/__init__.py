"""What S3 is: its words, lifecycle rules, what it accepts and what it does. Knows no policies."""
