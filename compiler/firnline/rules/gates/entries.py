"""Items that need an approval → the entries of approvals that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce

from firnline.rules.gates.first_run import FIRST_RUN
from firnline.rules.gates.gate import FirstRun, GatedItem
from firnline.s3.law.limits import LARGEST_SIZE_BOUND
from firnline.s3.terms import SIZE_UNITS, Bytes, Clock

Entry = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Approving:
    """Who approves, until when, and how much may go at once. `allowed` is the part of what is
    stored that may go without an approval; None where the project does not ask how much goes.
    """

    by: str
    until: date
    ticket: str | None = None
    why: str | None = None
    deletes_up_to: Bytes | None = None
    allowed: Decimal | None = None


def together(items: Iterable[GatedItem]) -> tuple[GatedItem, ...]:
    """Buckets that had no rules and get the same ones can be approved as one, of which the first
    run deletes what it deletes on all of them.
    """
    alike: dict[object, list[GatedItem]] = {}
    for item in items:
        key = item.digest_on(("",)) if item.is_first_rules else id(item)
        alike.setdefault((key, item.codes, item.approved), []).append(item)
    return tuple(
        replace(
            same[0],
            buckets=tuple(sorted(key for each in same for key in each.buckets)),
            first_run=_sum([each.first_run for each in same]),
        )
        for same in alike.values()
    )


def requested(
    items: Iterable[GatedItem], words: Sequence[str], *, with_first_run: bool = False
) -> tuple[tuple[GatedItem, tuple[str, ...]], ...]:
    """Those that the words ask for, each with its codes. The digest of an item on one of its
    buckets, as `pulumi up` tells it, means the item on that bucket alone. `with_first_run`: what
    goes at once is approved where it is known and below the limit, too, since `pulumi up` does not
    know it and needs the approval all the same.
    """
    by_codes: dict[tuple[str, ...], list[GatedItem]] = {}
    for item in items:
        here = _where_named(item, words)
        codes = codes_of(here, words)
        if codes and with_first_run and _is_unknown_to_others(here, words):
            codes = tuple(sorted({*codes, FIRST_RUN.code}))
        if codes:
            by_codes.setdefault(codes, []).append(here)
    return tuple((item, codes) for codes, alike in by_codes.items() for item in together(alike))


def codes_of(item: GatedItem, words: Sequence[str]) -> tuple[str, ...]:
    """The gates of it that are open and that the words ask for. Digests, or beginnings of them, say
    which items are meant, and codes which of their gates; where there are none, all are.
    """
    digests = [word for word in words if _is_digest(word)]
    codes = [word for word in words if not _is_digest(word)]
    if digests and not any(map(item.digest.startswith, digests)):
        return ()
    waiting = (code for code in item.codes if code not in item.approved)
    return tuple(code for code in waiting if not codes or code in codes)


def entry(item: GatedItem, codes: Sequence[str], approving: Approving) -> Entry:
    found: dict[str, str | Sequence[str]] = {"item": item.digest}
    if item.retention:
        found["retention"] = item.retention
    found |= {"from": item.old, "to": item.new, "buckets": item.buckets, "codes": codes}
    if FIRST_RUN.code in codes and (limit := limit_of(item, approving)) is not None:
        found["deletes_up_to"] = str(limit)
    found["by"] = approving.by
    if approving.ticket:
        found["ticket"] = approving.ticket
    found["until"] = approving.until.isoformat()
    if approving.why:
        found["why"] = approving.why
    return found


def limit_of(item: GatedItem, approving: Approving) -> Bytes | None:
    """What is stated; else what is known to go with room for more, and at least what may go without
    an approval.
    """
    if approving.deletes_up_to is not None or item.first_run is None:
        return approving.deletes_up_to
    allowed = int((approving.allowed or 0) * item.first_run.scope)
    return with_room(item.first_run.most, allowed)


def with_room(bytes: int, at_least: int = 0) -> Bytes:
    """A tenth more, since more is stored until a deployment brings the change; in two digits, and
    not more than can be approved at once.
    """
    wanted = max(-(-bytes * 11 // 10), at_least)
    unit = max((each for each in SIZE_UNITS.values() if wanted >= 10 * each), default=1)
    digits = len(str(wanted // unit))
    step = unit * 10 ** max(0, digits - 2)
    return Bytes(min(-(-wanted // step) * step, LARGEST_SIZE_BOUND))


def _is_unknown_to_others(item: GatedItem, words: Sequence[str]) -> bool:
    """Whether the gate of the first run is closed by what is stored alone."""
    names_codes = any(not _is_digest(word) for word in words)
    may_ask = any(change.clock is not Clock.MULTIPART_UPLOADS for change in item.changes)
    is_closed = FIRST_RUN.code not in item.codes
    return item.first_run is not None and is_closed and may_ask and not names_codes


def _sum(runs: Sequence[FirstRun | None]) -> FirstRun | None:
    """None where one of them is not known."""
    known = [each for each in runs if each is not None]
    return reduce(FirstRun.plus, known) if len(known) == len(runs) else None


def _where_named(item: GatedItem, words: Sequence[str]) -> GatedItem:
    """Its first run is known of all its buckets together, if at all."""
    digests = tuple(word for word in words if _is_digest(word))
    if not digests or item.digest.startswith(digests):
        return item
    buckets = tuple(key for key in item.buckets if item.digest_on((key,)).startswith(digests))
    return replace(item, buckets=buckets, first_run=None) if len(buckets) == 1 else item


def _is_digest(word: str) -> bool:
    return word.startswith("sha256:")
