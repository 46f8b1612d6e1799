"""What people bring → lifecycle configurations: one module for each program that writes files."""
