"""What `firnline verify` found, for people: what differs in full, what agrees as a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from firnline.cli.live_rules import why
from firnline.cli.verify_answer import Verification
from firnline.cli.verify_expiry import in_words, inventories_in_words
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import BucketPlace, ObjectPlace
from firnline.diagnostics.text import to_text as diagnostics_text
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.fleet.verify.verified import State, VerifiedBucket
from firnline.targets.aligned import aligned_whole

_NAMED: Final = 5
_DRAWN: Final = 50
_INDENT: Final = "  "


def to_text(found: Verification, *, colour: bool, columns: int) -> str:
    drawn = [each for each in found.findings if each.severity is not Severity.NOTE]
    blocks = []
    if drawn:
        shown = drawn[:_DRAWN]
        text = diagnostics_text(shown, colour=colour, columns=columns, whole=True)
        blocks.append(text.rstrip("\n") + "\n")
    pending = found.of_state(State.PENDING)
    lines = [
        *_rest(drawn[_DRAWN:]),
        *(_pending(pending, found) if pending else ()),
        *gaps(found),
        *(in_words(found.expiry) if found.expiry is not None else ()),
        *inventories_in_words(found.inventories),
        conclusion(found),
    ]
    blocks += ["\n".join(row for line in lines for row in wrapped(line, columns, hanging=2)) + "\n"]
    table = _accounts(found)
    if len(table) > 2:
        rows = aligned_whole(table, columns - len(_INDENT))
        blocks.append("\n".join(_INDENT + row for row in rows) + "\n")
    return "\n".join(blocks)


def _rest(left: Sequence[Diagnostic]) -> Iterator[str]:
    if left:
        counts = Counter(each.kind.code for each in left)
        codes = ", ".join(f"{count:,} {code}" for code, count in sorted(counts.items()))
        yield f"{len(left):,} more are not shown ({codes}): `--out json` has all"


def gaps(found: Verification) -> Iterator[str]:
    """What is not known, and why."""
    yield from _unread(found)
    yield from _unknown_replicas(found.buckets)


def conclusion(found: Verification) -> str:
    """In one sentence."""
    buckets = how_many(len(found.buckets), "bucket")
    if not found.buckets:
        return "nothing to verify: the lock has no bucket of these accounts that a policy covers"
    parts = [
        f"{len(found.of_state(state)):,} {said}" for state, said in _SAID if found.of_state(state)
    ]
    unlisted = sum(each.kind.code == "FL739" for each in found.others)
    parts += [f"{unlisted:,} not in the lock"] if unlisted else []
    parts += (
        [f"{number:,} where S3 tells or acts on another day"]
        if (number := _otherwise(found))
        else []
    )
    accounts = how_many(
        len({each.expected.bucket.account.id.value for each in found.buckets}), "account"
    )
    return f"{buckets} of {accounts}: {', '.join(parts)}"


def _otherwise(found: Verification) -> int:
    """How many buckets have objects that S3 expires on another day than the rules say."""
    errors = (each for each in found.of_no_bucket if each.severity is Severity.ERROR)
    return len(
        {
            (each.place.account_id, each.place.bucket)
            for each in errors
            if each not in found.others and isinstance(each.place, BucketPlace | ObjectPlace)
        }
    )


_SAID: Final = (
    (State.AGREES, "as the policies say"),
    (State.DRIFTED, "drifted"),
    (State.PENDING, "not rolled out yet"),
    (State.UNREAD, "not known"),
)


def _accounts(found: Verification) -> list[list[str]]:
    """A row for each account, where there are several."""
    rows = [["account", "buckets", *(said for _, said in _SAID)]]
    for account in found.accounts:
        of_account = [each for each in found.buckets if each.expected.bucket.account == account]
        numbers = [sum(each.state is state for each in of_account) for state, _ in _SAID]
        if of_account:
            rows.append(
                [visible(account.label.value), f"{len(of_account):,}", *map("{:,}".format, numbers)]
            )
    return rows


def _pending(pending: Sequence[VerifiedBucket], found: Verification) -> Iterator[str]:
    """Grouped by what the rollout will change there."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for each in pending:
        note = next(d for d in each.findings if d.severity is Severity.NOTE)
        alike.setdefault(note.notes, []).append(each.expected.bucket.name)
    for notes, names in alike.items():
        on = f"{', '.join(map(visible, names[:_NAMED]))}"
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        yield f"not rolled out yet ({visible(found.base or '')} is live) on {on}{more}:"
        yield from (f"{_INDENT}{each}" for each in notes)


def _unread(found: Verification) -> Iterator[str]:
    for failure in found.failures:
        label = visible(failure.account.label.value)
        if failure in found.not_listed:
            which = f"{label} has that the lock lacks"
            yield f"which buckets {which} is not known: {why(failure)}"
            continue
        what = f"{label}/{failure.bucket}" if failure.bucket else f"{label} as a whole"
        yield f"{what} could not be read: {why(failure)}"
    for each in found.buckets:
        if each.unsure:
            yield (
                f"{visible(each.expected.bucket.key)}: S3's answers kept changing, in {each.reads}"
                " reads: wait until nobody writes it, and repeat"
            )


def _unknown_replicas(buckets: Sequence[VerifiedBucket]) -> Iterator[str]:
    unknown = dict.fromkeys(name for each in buckets for name in each.replication.unknown)
    if unknown:
        named = ", ".join(map(visible, list(unknown)[:_NAMED]))
        more = f" and {len(unknown) - _NAMED:,} more" if len(unknown) > _NAMED else ""
        yield (
            f"whether there is a lifecycle on {named}{more}, where objects are replicated to, is"
            " not known: the roles of this fleet cannot read it"
        )
    unread = [each for each in buckets if each.replication.unread]
    if unread:
        first = visible(unread[0].expected.bucket.name)
        more = f" and {len(unread) - 1:,} more" if len(unread) > 1 else ""
        yield (
            f"where {first}{more} {'are' if more else 'is'} replicated to is not known: no"
            f" {unread[0].replication.unread}"
        )
