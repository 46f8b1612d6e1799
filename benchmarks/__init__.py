"""Figures as ratios within one run: machines differ, and so does one machine from day to day."""
