"""A second, naive judge of lifecycle files: who suffers from what, by trying every item.

A small universe has an item for every way in which the filters of a file may match: so "contains"
and "crosses" are questions about sets of items. What happens to an item is tried day by day. It
shares nothing with the compiler but S3's own JSON, and knows the kinds by their definitions alone.
"""
