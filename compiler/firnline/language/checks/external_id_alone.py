"""Does an account have an external ID, but no role that could expect it?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.lock_examples import policy_file
from firnline.language.model import Folder

_HEAD = "firnline: fleet/v1\nnamespace: acme\n"
_ACCOUNT = 'accounts: {lab: {id: "111122223333", regions: us-east-1, external_id: acme-7f3a'
_ROLE = ", role: arn:aws:iam::111122223333:role/retention"

EXTERNAL_ID_ALONE = Kind(
    code="FL753",
    name="external-id-alone",
    severity=Severity.ERROR,
    title="an external ID is given without a role",
    why=(
        "An external ID is part of the request that assumes a role, and is compared with the role's"
        " trust policy. Without `role` the caller's own credentials are used, and it is not sent."
    ),
    help="write the account's `role` too, or remove `external_id`",
    wrong={"fleet.yaml": f"{_HEAD}{_ACCOUNT}}}}}\n", "policy.yaml": policy_file()},
    right={"fleet.yaml": f"{_HEAD}{_ACCOUNT}{_ROLE}}}}}\n", "policy.yaml": policy_file()},
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for account in folder.fleet.accounts if folder.fleet else ():
        if account.external_id is not None and account.role is None:
            yield EXTERNAL_ID_ALONE.at(
                account.external_id.span,
                f"`{account.label.value}` has `external_id`, but no `role` that is assumed with it",
            )


CHECK = Check(Subject.FOLDER, check, (EXTERNAL_ID_ALONE,))
