"""Are the regions and the role of an account in one partition of AWS?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.checks.lock_examples import policy_file
from firnline.language.fleet import Account
from firnline.language.model import Folder
from firnline.s3.terms import Partition

_FLEET = (
    "firnline: fleet/v1\nnamespace: acme\n"
    'accounts: {{lab: {{id: "111122223333", regions: [{regions}]}}}}\n'
)
MIXED_PARTITIONS = Kind(
    code="FL747",
    name="mixed-partitions",
    severity=Severity.ERROR,
    title="an account is in one partition of AWS",
    why=(
        "`aws`, `aws-cn` (China) and `aws-us-gov` (GovCloud) have accounts, roles and regions of"
        " their own: an account of one can do nothing in another."
    ),
    help="write an account of its own for each partition",
    wrong={
        "fleet.yaml": _FLEET.format(regions="us-east-1, cn-north-1"),
        "policy.yaml": policy_file(),
    },
    right={
        "fleet.yaml": _FLEET.format(regions="us-east-1, eu-west-1"),
        "policy.yaml": policy_file(),
    },
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for fleet in folder.fleets:
        for account in fleet.accounts:
            yield from _of_account(account)
        for source in fleet.sources:
            names = [region.value for region in source.regions]
            if names:
                yield from _of_regions("accounts_from", source.regions[0].span, names)


CHECK = Check(Subject.FOLDER, check, (MIXED_PARTITIONS,))


def _of_account(account: Account) -> Iterator[Diagnostic]:
    label = account.label
    mixed = list(_of_regions(label.value, label.span, account.regions))
    yield from mixed
    if mixed or account.role is None or not account.regions:
        return
    partition = account.role.value.split(":")[1]
    if partition != account.partition:
        right = account.role.value.replace(f"arn:{partition}:", f"arn:{account.partition}:", 1)
        yield MIXED_PARTITIONS.at(
            account.role.span,
            f"the role is in partition `{partition}`, and {account.regions[0]} in"
            f" `{account.partition}`",
            remedy=Advise(f"write {right}, or the regions of `{partition}`"),
        )


def _of_regions(whose: str, span: Span, regions: Sequence[str]) -> Iterator[Diagnostic]:
    found: dict[Partition, str] = {}
    for region in regions:
        found.setdefault(Partition.of_region(region), region)
    if len(found) > 1:
        named = " and ".join(f"{region} in `{each}`" for each, region in found.items())
        yield MIXED_PARTITIONS.at(span, f"`{whose}` has {named}")
