"""The Pulumi program that gives every bucket of the stack's accounts its rules."""

from firnline.targets.pulumi_aws import deploy

deploy("policies")
