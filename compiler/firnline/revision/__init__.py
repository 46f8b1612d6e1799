"""Git as a source of files: commits, and what is in them."""
