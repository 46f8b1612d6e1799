"""What is stored, summed up by what rules act on: small enough to be committed, and exact for the
rules that it was cut for.

Its file is read by pyarrow (`firnline[inventory]`); the table engine is not needed.
"""
