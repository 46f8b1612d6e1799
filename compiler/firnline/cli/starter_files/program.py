"""The Pulumi program: every bucket of the stack's accounts gets what the policies ask of it."""

from firnline.targets.pulumi_aws import deploy

deploy("policies")
