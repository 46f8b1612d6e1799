"""Pulumi where there is none: an engine built by Go, a language host, an AWS provider."""
