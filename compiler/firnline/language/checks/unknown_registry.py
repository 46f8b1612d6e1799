"""Does a policy or a registry name something that the fleet file does not?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.checks.unknown_account import accounts_are_unknown
from firnline.language.misspelt import misspelt
from firnline.language.model import Folder
from firnline.language.nearest import did_you_mean
from firnline.language.rewrite import rewrite
from firnline.language.said import Said
from firnline.language.shape_kinds import UNKNOWN_NAME


def check(folder: Folder) -> Iterator[Diagnostic]:
    """Without a fleet file any name passes, as with accounts."""
    if folder.fleet is None:
        return
    references = [policy.references for policy in folder.policies if policy.references]
    named = [
        *(registry for references in references for registry in references.registries),
        *(each.registry for policy in folder.policies for each in policy.run_retentions),
    ]
    known = [registry.name.value for registry in folder.fleet.registries]
    yield from _unknown(named, known, "registry")
    if accounts_are_unknown(folder):
        return
    accounts = [each.account for each in folder.fleet.registries if each.account]
    labels = [account.label.value for account in folder.fleet.accounts]
    yield from _unknown([each for each in accounts if each.value], labels, "account")


CHECK = Check(Subject.FOLDER, check, (UNKNOWN_NAME,))


def _unknown(named: Iterable[Said[str]], known: list[str], what: str) -> Iterator[Diagnostic]:
    for said in named:
        if said.value in known:
            continue
        listed = f"the fleet has: {', '.join(known)}"
        help = listed if known else f"add it to {_PLACE[what]} of the fleet file"
        meant = misspelt(said.value, known)
        # Not safe: it may be one that is yet to be added to the fleet file.
        fix = rewrite(said.span, said.value, meant, safe=False) if meant else None
        yield UNKNOWN_NAME.at(
            said.span,
            f"the fleet has no {what} `{said.value}`",
            remedy=did_you_mean(said.value, known) or Advise(help),
            fix=fix,
        )


_PLACE = {"registry": "`registries`", "account": "`accounts`"}
