"""Registries, one module each: what they reference, and the certificate that all of it was read."""
