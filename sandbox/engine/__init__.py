"""Pulumi where there is none: the engine (built from its Go module), a language host and an AWS provider."""
