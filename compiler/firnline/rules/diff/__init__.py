"""What changes for objects between two snapshots, by meaning? As items that a person can
approve.
"""
