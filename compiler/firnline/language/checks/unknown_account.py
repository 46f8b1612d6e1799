"""Does a policy or a release name an account that the fleet file does not?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.misspelt import misspelt
from firnline.language.model import Folder, matches
from firnline.language.nearest import did_you_mean
from firnline.language.rewrite import rewrite
from firnline.language.shape_kinds import UNKNOWN_NAME


def check(folder: Folder) -> Iterator[Diagnostic]:
    if folder.fleet is None:
        return
    known = [account.label.value for account in folder.fleet.accounts]
    entries = [entry for policy in folder.policies for entry in policy.applies_to]
    named = [account for entry in entries for account in entry.accounts]
    overridden = [policy.overridden for policy in folder.policies if policy.overridden]
    named += [account for each in overridden for account in each.accounts]
    named += [release.account for release in folder.fleet.releases]
    for account in named:
        if account.value and not any(matches(label, account.value) for label in known):
            help = did_you_mean(account.value, known) or f"the fleet has: {', '.join(known)}"
            message = f"the fleet has no account `{account.value}`"
            meant = misspelt(account.value, known)
            # Not safe: it may be an account that the fleet file is still to name.
            fix = rewrite(account.span, account.value, meant, safe=False) if meant else None
            yield UNKNOWN_NAME.at(account.span, message, help=help, fix=fix)
