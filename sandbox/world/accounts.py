"""The sample world's accounts and buckets: the organisation of a machine-learning team."""

from dataclasses import dataclass
from typing import Literal

VersioningName = Literal["enabled", "suspended", "off"]
# The values of `firnline.s3.terms.Versioning`: commands of the sandbox run without the package.


@dataclass(frozen=True, slots=True)
class Account:
    label: str
    id: str


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    account: Account
    region: str
    versioning: VersioningName
    opened_days_ago: int
    suspended_days_ago: int = 0  # versions older than that have IDs, younger ones are null


ML_STAGING = Account("ml-staging", "210987654321")
ML_PROD = Account("ml-prod", "012345670123")
RESEARCH = Account("research", "345678901234")

ACCOUNTS = (ML_STAGING, ML_PROD, RESEARCH)

DEV = Bucket("acme-ml-artifacts-dev-use1", ML_STAGING, "us-east-1", "enabled", 410)
CI = Bucket("acme-ml-artifacts-ci-use1", ML_STAGING, "us-east-1", "off", 405)
PROD_US = Bucket("acme-ml-artifacts-use1", ML_PROD, "us-east-1", "enabled", 460)
PROD_EU = Bucket("acme-ml-artifacts-euw1", ML_PROD, "eu-west-1", "enabled", 430)
LOGS = Bucket("acme-training-logs-use1", ML_PROD, "us-east-1", "suspended", 460, 150)
EXPERIMENTS = Bucket("acme-research-experiments-use1", RESEARCH, "us-east-1", "off", 420)
AUDIT = Bucket("acme-research-audit-euw1", RESEARCH, "eu-west-1", "enabled", 440)

BUCKETS = (DEV, CI, PROD_US, PROD_EU, LOGS, EXPERIMENTS, AUDIT)

LABORATORY = Account("laboratory", "456789012345")
"""Of `examples/laboratory`, which creates a bucket in it: empty until then, and in no fleet file
of this repository's own `policies/`."""

ANALYTICS = Account("analytics", "567890123456")
"""Of the buckets with rules that others wrote (`sandbox.foreign_buckets`): empty until those are
made, and in no fleet file of this repository either."""

CENTRAL = Account("central", "999999999999")
"""The account of whoever calls, which is in no fleet file."""

INVENTORY_BUCKETS = {"us-east-1": "acme-inventory-use1", "eu-west-1": "acme-inventory-euw1"}
"""Of that account, by region: an inventory is delivered within its region (S3 User Guide,
"Configuring Amazon S3 Inventory")."""

INVENTORY = "daily"
"""The name of the inventory of each bucket."""
