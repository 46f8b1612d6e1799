"""Programs for `exec:` registries: they print what is needed as docs/references.md describes."""
