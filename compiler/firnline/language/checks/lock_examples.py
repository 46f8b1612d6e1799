"""Files shared by the examples of kinds about the fleet and its lock."""

from __future__ import annotations

# `lock_digest` of the files below; a test compares them.
DIGEST = "sha256:e2e106a22a23c9b47226c7a48ab64a7f96c5f10be268dc1bc009feed9b95cd4c"
FLEET = (
    "firnline: fleet/v1\nnamespace: acme\n"
    'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
)


def policy_file(buckets: str = "lab-data", rest: str = "versioning: off\n") -> str:
    return (
        "firnline: policy/v1\npolicy: lab\nowner: lab\nwhy: an example\n"
        f'applies_to: [{{account: lab, buckets: "{buckets}"}}]\n{rest}'
        "uploads: {abort_after: 7d}\n"
    )


def lock_file(digest: str = DIGEST, facts: str = "", more: str = "") -> str:
    """A lock with the bucket lab-data; `facts` are added to it, `more` are further buckets."""
    return (
        f"firnline: fleet-lock/v1\ndigest: {digest}\naccounts:\n"
        f'  "111122223333":\n{locked("lab-data", facts)}{more}'
    )


def locked(bucket: str, facts: str = "", versioning: str = "off", ours: str = "policy") -> str:
    return (
        f"    {bucket}:\n      region: us-east-1\n      partition: aws\n"
        f"      kind: general-purpose\n      versioning: {versioning}\n      object_lock: off\n"
        f"      ours: {ours}\n{facts}"
    )
