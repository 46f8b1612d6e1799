"""What is to be said of the policies after a change, and what of it was so before?"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence

from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.diagnostics.baseline import Fingerprint, new_of
from firnline.diagnostics.kinds import Diagnostic, Severity, Waived, by_place, in_order
from firnline.diagnostics.position import Place, Source, Span, path_of
from firnline.inventory.forecast.forecast import Forecast
from firnline.language.waivers import waive
from firnline.language.waivers import waived as waived_by
from firnline.language.within import policy_in, within
from firnline.rules.at_risk.by_keys import ByKeys
from firnline.targets.review.model import Facts, Findings


def review_findings(
    before: ReadSnapshot,
    after: ReadSnapshot,
    standing: Sequence[Diagnostic],
    more: Sequence[Diagnostic],
    facts: Facts | None = None,
) -> Findings:
    """`standing` are the open gates of the later policies, and `more` is new in any case,
    as is why rules are not known that are compared with. What
    `facts` have a number for is told with that.
    """
    costs = facts.cost.diagnostics if facts and isinstance(facts.cost, Forecast) else ()
    by_keys = facts.layouts if facts else (ByKeys(), ByKeys())
    again = {_exactly(each): each for each in costs}
    said = [
        again.get(_exactly(each), each)
        for each in _told(after, by_keys[1])
        if each.severity is not Severity.GATE
    ]
    found = [*after.diagnostics, *said, *standing]
    unchanged = _unchanged(before, after)
    may_be_new = [each for each in found if not _is_in(each, unchanged)]
    new = set(map(id, _new(may_be_new, [*before.diagnostics, *_told(before, by_keys[0])])))
    waived = _waived(after, by_keys[1])
    were = _waived(before, by_keys[0])
    found_waived = [each.diagnostic for each in waived if not _is_in(each.diagnostic, unchanged)]
    new_waived = _new(found_waived, [each.diagnostic for each in were])
    are_new = set(map(id, new_waived))
    return Findings(
        by_place([*(each for each in found if id(each) in new), *before.diagnostics, *more]),
        by_place(each for each in found if id(each) not in new),
        tuple(each for each in waived if id(each.diagnostic) in are_new),
    )


def _told(snapshot: ReadSnapshot, by_keys: ByKeys) -> tuple[Diagnostic, ...]:
    """The warnings, with what keys tell in place of what names do."""
    policies = snapshot.compilation.folder.policies if snapshot.compilation else ()
    return (*by_keys.left_of(snapshot.warnings), *waive(policies, by_keys.found))


def _waived(snapshot: ReadSnapshot, by_keys: ByKeys) -> tuple[Waived, ...]:
    if snapshot.compilation is None:
        return ()
    policies, names = snapshot.compilation.folder.policies, snapshot.compilation.waived
    left = set(map(id, by_keys.left_of(each.diagnostic for each in names)))
    kept = [each for each in names if id(each.diagnostic) in left]
    return (*kept, *waived_by(policies, in_order(by_keys.found)))


def _unchanged(before: ReadSnapshot, after: ReadSnapshot) -> set[Source]:
    """Files of policies that are in no program but those that both snapshots share. These were
    checked once, for the later one.
    """
    were = {id(each.program) for each in before.snapshot.values()}
    programs = {id(each.program): each.program for each in after.snapshot.values()}
    shared: set[Source] = set()
    others: set[Source] = set()
    for name, program in programs.items():
        sources = {each.name.span.source for each in program.policies} if program else set()
        (shared if name in were else others).update(sources)
    return shared - others


def _is_in(each: Diagnostic, sources: set[Source]) -> bool:
    return isinstance(each.place, Span) and each.place.source in sources


def _new(found: Sequence[Diagnostic], earlier: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """A file that is the same in both snapshots is not looked into: its findings are the same."""
    were, are = set(map(_exactly, earlier)), set(map(_exactly, found))
    left = [each for each in found if _exactly(each) not in were]
    if not left:
        return ()
    others = [each for each in earlier if _exactly(each) not in are]
    known = Counter(_fingerprints(others))
    return new_of(list(zip(_fingerprints(left), left, strict=True)), known)


def _exactly(each: Diagnostic) -> tuple[str, Place, str]:
    return each.kind.code, each.place, each.message


def _fingerprints(found: Sequence[Diagnostic]) -> list[Fingerprint]:
    """By the policy that each is in: its file may have moved."""
    keys = within(found)
    return [
        Fingerprint(_policy(each), each.kind.code, keys[id(each)], each.message) for each in found
    ]


def _policy(each: Diagnostic) -> str:
    named = policy_in(each.place.source) if isinstance(each.place, Span) else ""
    return named or posixpath.basename(path_of(each.place) or "")
