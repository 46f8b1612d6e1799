"""Which layouts of readers does a bucket store, and what do rules take of them, and when?"""
