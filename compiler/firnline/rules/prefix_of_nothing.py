"""A prefix below which nothing is stored: the kind, which proofs of fixes must know."""

from __future__ import annotations

from firnline.diagnostics.kinds import Kind, Severity

MATCHES_NOTHING = Kind(
    code="FL315",
    name="matches-nothing",
    severity=Severity.WARNING,
    title="a retention matches nothing of what is stored",
    why=(
        "S3 compares a prefix with the beginning of each key, byte for byte: with a slip in it, or"
        " with a size that no object has, a retention does nothing, and what it was written for is"
        " kept without an end. It is reported where it is known what is stored in every bucket that"
        " the policy covers; what is not told, such as tags by S3 Inventory, counts as matching."
    ),
    help="write the prefix as the keys begin, or remove the retention",
    wrong=(
        "retain: {experiments: {prefix: experiment/, delete_after: 90d},"
        " rest: {prefix: '', delete_after: never}}"
    ),
    right=(
        "retain: {experiments: {prefix: experiments/, delete_after: 90d},"
        " rest: {prefix: '', delete_after: never}}"
    ),
)
