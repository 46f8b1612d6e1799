"""Does somebody other than the author review the approvals?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.approvals import ApprovalsFile, Emergency
from firnline.language.code_owners import owners_of

APPROVALS_WITHOUT_OWNER = Kind(
    code="FL417",
    name="approvals-without-owner",
    severity=Severity.ERROR,
    title="nobody has to review the approvals",
    why=(
        "An approval is only as good as the review of the person whose data it is. CODEOWNERS names"
        " who reviews the file, as it is on the branch that a change is merged into: a change that"
        " brings its own owners does not count. The rules of that branch must require the review of"
        " code owners."
    ),
    help="add a line to CODEOWNERS that names an owner of the file, and merge that first",
    wrong="firnline: approvals/v1\n",
    right={
        "CODEOWNERS": "/policies/approvals.yaml @acme/data-owners\n",
        "approvals.yaml": "firnline: approvals/v1\n",
    },
)
SELF_APPROVED = Kind(
    code="FL418",
    name="self-approved",
    severity=Severity.NOTE,
    title="approvals count without a review",
    why=(
        'Where one person works without a forge, `approvals = "self"` in the table `[review]` of'
        " firnline.toml lets approvals count that nobody else reviews. Every output says so."
    ),
    help="name an owner of the file in CODEOWNERS, and take the setting out",
    wrong="firnline: approvals/v1\n",
    right={
        "CODEOWNERS": "/policies/approvals.yaml @acme/data-owners\n",
        "approvals.yaml": "firnline: approvals/v1\n",
    },
)
EMERGENCY = Kind(
    code="FL419",
    name="gate-opened-in-emergency",
    severity=Severity.WARNING,
    title="an emergency stands in for the approval of the owner of the data",
    why=(
        "What cannot wait for the owner of the data is written down in `emergencies`, with a reason"
        " and a day at most 14 days away. Every output says so."
    ),
    help="have the change approved, and remove the emergency",
    wrong=(
        "firnline: approvals/v1\nemergencies:\n  - buckets: prod/us-east-1/acme-logs\n"
        "    codes: [FL401, FL402]\n    why: the account runs into its budget alarm, INC-7\n"
        "    by: on-call\n    until: 2026-11-28\n"
    ),
    right="firnline: approvals/v1\n",
)


def owned(
    file: ApprovalsFile, path: str, code_owners: str | None, self_approved: bool
) -> Iterator[Diagnostic]:
    """`path` is that of the file, seen from the top of the repository; `code_owners` the text of
    CODEOWNERS on the base, None where there is no such file.
    """
    if code_owners is not None and owners_of(code_owners, path):
        return
    if self_approved:
        yield SELF_APPROVED.at(file.span, "nobody else reviews these approvals")
        return
    why = "there is no CODEOWNERS" if code_owners is None else "CODEOWNERS names no owner of it"
    yield APPROVALS_WITHOUT_OWNER.at(
        file.span,
        f"{why} on the branch that changes are merged into",
        remedy=Advise(
            f"add the line `/{path} @OWNER` to CODEOWNERS and merge that first; where one person"
            ' works without a forge, write `approvals = "self"` in the table `[review]` of'
            " firnline.toml"
        ),
    )


def in_emergency(emergencies: tuple[Emergency, ...]) -> Iterator[Diagnostic]:
    for each in emergencies:
        said = f"{', '.join(each.codes)} until {each.until.value}, by {each.by}: {each.why}"
        yield EMERGENCY.at(each.until.span, said)
