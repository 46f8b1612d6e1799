"""The Pulumi program: every bucket of the stack's accounts gets the rules that the policies
require.
"""

from firnline.targets.pulumi_aws import deploy

deploy("policies")
