"""Firnline's component for Pulumi programs in any language: see docs/other-languages.md."""

from firnline.targets.pulumi_aws.package import serve

serve()
