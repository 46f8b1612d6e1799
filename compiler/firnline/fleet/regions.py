"""Through which region is an account reached, and which must it enable first?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from firnline.s3.terms import Partition

# AWS Account Management Reference Guide, "Enable or disable AWS Regions in your account": all that
# came after 20 March 2019 must be enabled.
_ENABLED_BY_DEFAULT: Final = frozenset(
    {
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"),
        *("ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1"),
        *("eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    }
)
_HOME: Final = {
    Partition.AWS: "us-east-1",
    Partition.CHINA: "cn-north-1",
    Partition.GOVCLOUD: "us-gov-west-1",
}
# What AWS says of credentials in a region that the account has not enabled.
_OFF: Final = (
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "OptInRequired",
    "RegionDisabledException",
    "UnrecognizedClientException",
)


def is_opt_in(region: str) -> bool:
    return Partition.of_region(region) is Partition.AWS and region not in _ENABLED_BY_DEFAULT


def home_of(partition: Partition) -> str:
    """A region of the partition that every account has."""
    return _HOME[partition]


def token_region(region: str) -> str:
    """Where to get credentials for a region. Those of a regional endpoint are valid in all regions,
    and every account has this one (IAM User Guide, "Manage AWS STS in an AWS Region").
    """
    return home_of(Partition.of_region(region)) if is_opt_in(region) else region


def surest(regions: Sequence[str]) -> str:
    """The first that every account has; where all must be enabled, the first."""
    return next((each for each in regions if not is_opt_in(each)), regions[0])


def how_to_enable(error: str, account_id: str, region: str) -> str:
    """What may help where AWS answers so from that region; empty where it has another cause, or
    where nobody knows the region.
    """
    if error not in _OFF or not region or not is_opt_in(region):
        return ""
    return (
        f"{region} works only in accounts that enabled it: enable it in {account_id}"
        f" (`aws account enable-region --region-name {region}`), or remove it from the fleet file"
    )
