"""Does a policy adopt a rule that no bucket of it has?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.model import Folder
from firnline.language.said import Said
from firnline.rules.foreign import foreign_id

_LINE: Final = (
    '{"ID": "by-hand", "Status": "Enabled", "Filter": {"Prefix": "tmp/"},'
    ' "Expiration": {"Days": 30}}'
)


def _files(adopted: str) -> dict[str, str]:
    return {
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(facts=f"      foreign_rules: ['{_LINE}']\n"),
        "policy.yaml": policy_file(
            rest=f"versioning: off\nforeign_rules: keep\nadopts: [{adopted}]\n"
        ),
    }


ADOPTS_NOTHING = Kind(
    code="FL615",
    name="adopts-nothing",
    severity=Severity.WARNING,
    title="an adopted rule is on none of the policy's buckets",
    why=(
        "`adopts` lets a live rule of others go because the policy does what it did. A name that no"
        " bucket has lets nothing go: it is misspelt, or the rule has gone since."
    ),
    help="take the name out of `adopts` if the rule has gone, or write it as the lock has it",
    wrong=_files("by-hnad"),
    right=_files("by-hand"),
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    """By the lock. A policy that covers none of its buckets is told of by FL703."""
    written: dict[Span, Said[str]] = {}
    found: set[Span] = set()
    for adopted, live in _adopted(folder):
        written.update({each.span: each for each in adopted})
        found |= {each.span for each in adopted if each.value in live}
    for span, each in written.items():
        if span not in found:
            yield ADOPTS_NOTHING.at(span, f"no bucket of the policy has a live rule `{each.value}`")


CHECK = Check(Subject.FOLDER, check, (ADOPTS_NOTHING,), needs=(Needs.LOCK,))


def _adopted(folder: Folder) -> Iterator[tuple[tuple[Said[str], ...], set[str]]]:
    """What each policy adopts on each bucket, and the rules of others that are live there."""
    for policy in folder.policies:
        for bucket in folder.lock.buckets if folder.lock else ():
            account = folder.fleet.manages(bucket) if folder.fleet else None
            if account is None:
                continue
            place = account.label.value, bucket.name.value
            if policy.covers(*place, bucket.region, bucket.tags):
                live = {foreign_id(line.value) for line in bucket.foreign}
                yield policy.for_bucket(*place).adopts, live
