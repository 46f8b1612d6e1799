"""Which writes of one run of a program wait for an approval? Each change is told once, however many
buckets it is on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pulumi

from firnline.diagnostics.concise import to_concise
from firnline.diagnostics.kinds import Diagnostic, Severity, documented_on
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.text import to_text
from firnline.language.add_approvals import with_entries
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.rules.gates.entries import Approving, entry
from firnline.rules.gates.first_run import FIRST_RUN
from firnline.rules.gates.gate import LIVE, GatedItem
from firnline.rules.gates.owner import in_emergency
from firnline.targets.pulumi_aws.agreed import Agreed
from firnline.targets.pulumi_aws.gates import GateVerdict
from firnline.targets.pulumi_aws.live_change import Comparisons, LiveChange
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.shared_look import in_thread
from firnline.targets.pulumi_aws.verdict import core_of, verdict_on

_DAYS: Final = 90
_KEEP_OBJECTS: Final = "keep the objects for as long as before"
_KEEP_RULES: Final = "keep the rules (`foreign_rules: keep`)"


class GatesOpen(Exception):
    """A write waits for an approval; the text says for which."""


class RunGates:
    """All methods belong to the event loop of the program."""

    def __init__(self) -> None:
        self._comparisons = Comparisons()
        self._first_told: dict[object, str] = {}
        self._said: set[object] = set()

    def announce(self, agreed: Agreed) -> None:
        """In every run: that approvals count which nobody else reviews."""
        self._say(agreed, (x for x in agreed.about_approvals if x.severity is Severity.NOTE))

    async def refuse_open(self, change: LiveChange, look: Look) -> None:
        """Raises `GatesOpen`."""
        bucket, agreed = change.write.bucket, change.proved.agreed
        try:
            compared = self._comparisons.of(change)
            verdict = await in_thread(verdict_on, change, compared, look)
        except BucketNotAnalysed as why:
            raise GatesOpen(f"\n{to_text([not_analysed(bucket, why.prefix)])}") from why
        self._say(agreed, in_emergency(verdict.emergencies))
        self._say(agreed, (x for x in verdict.found if x.severity is Severity.WARNING))
        if not verdict.refuses:
            return
        first = self._first_told.setdefault(core_of(verdict.items), bucket)
        if first != bucket:
            raise GatesOpen(f"`{bucket}` waits for the same approval as `{first}`")
        raise GatesOpen(_words(change, verdict))

    def _say(self, agreed: Agreed, found: Iterable[Diagnostic]) -> None:
        for each in documented_on(agreed.docs_url, found):
            said = each.kind.code, each.place, each.message
            if said not in self._said:
                self._said.add(said)
                if each.severity is Severity.NOTE:
                    pulumi.info(to_concise([each]))
                else:
                    pulumi.warn(f"\n{to_text([each])}")


def _words(change: LiveChange, verdict: GateVerdict) -> str:
    agreed, restores = change.proved.agreed, change.proved.restores
    # `approve` compares what is live with the policies, which are not what an undo writes.
    by_command = change.proved.from_lock and restores is None
    instead = _instead(verdict.items) if restores is None else f"keep rollout `{restores}`"
    advice = _command(verdict.items) if by_command else _by_hand(instead)
    refusing = [
        replace(each, remedy=(advice,)) if each.severity is Severity.GATE else each
        for each in verdict.found
        if each.severity is not Severity.WARNING
    ]
    errors = (each for each in agreed.about_approvals if each.severity is Severity.ERROR)
    drawn = to_text(documented_on(agreed.docs_url, [*refusing, *errors]))
    return f"\n{drawn}" + ("" if by_command else _entries(verdict.items))


def _command(items: Iterable[GatedItem]) -> Advise:
    codes = sorted({code for item in items for code in _waiting(item)})
    size = " --deletes-up-to SIZE" if FIRST_RUN.code in codes else ""
    return Advise(
        f"{_instead(items)}; or have it approved with"
        f" `firnline approve {' '.join(codes)} --base {LIVE} --by WHO{size}`, and deploy what that"
        " writes once it is reviewed"
    )


def _by_hand(instead: str) -> Advise:
    return Advise(
        f"{instead}; or have it approved by the entry below, and deploy that once it is reviewed"
    )


def _instead(items: Iterable[GatedItem]) -> str:
    kinds = dict.fromkeys(_KEEP_RULES if item.rule else _KEEP_OBJECTS for item in items)
    return ", and ".join(kinds)


def _waiting(item: GatedItem) -> list[str]:
    return [code for code in item.codes if code not in item.approved]


def _entries(items: Sequence[GatedItem]) -> str:
    """No command knows what is live where there is no fleet: the entries themselves."""
    until = date.today() + timedelta(days=_DAYS)
    waiting = [
        entry(item, codes, Approving("WHO", until)) for item in items if (codes := _waiting(item))
    ]
    if not waiting:
        return ""
    needs_size = any(FIRST_RUN.code in each["codes"] for each in waiting)
    size = f" and, for {FIRST_RUN.code}, `deletes_up_to`" if needs_size else ""
    lines = with_entries(None, waiting).splitlines(keepends=True)
    file = "".join(line for line in lines if not line.startswith("#"))
    return (
        f"\nwhat approves it, in approvals.yaml beside the policies, with who does{size}:\n\n{file}"
    )
