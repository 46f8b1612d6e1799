"""What changes for objects between two snapshots, as items that a person can approve?"""
