"""What is stored in a bucket → the policy that is proposed for it, and its forecast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Final

from firnline.cli.advice_changes import Covered, Edited, covering, edited, has_lock, refuse_taken
from firnline.cli.advice_judged import Judged, judged
from firnline.cli.advice_known import Known, Wanted, what_is_known
from firnline.cli.failed import CommandFailed
from firnline.cli.known_buckets import (
    Coming,
    Settings,
)
from firnline.cli.prices_of import prices_of
from firnline.cli.stored import StoredIn
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.advice import Advice, Draft, EditedFile, Header
from firnline.inventory.advice.below import too_small
from firnline.inventory.advice.existing import Existing, owned_prefixes
from firnline.inventory.advice.names import names_of, policy_name
from firnline.inventory.advice.tiers import Seeking, stored_in
from firnline.inventory.advice.timeline import Cleanup
from firnline.inventory.advice.value import Tariff
from firnline.inventory.advice.worth import worths
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.retrieval import not_known
from firnline.rules.kept_acts import acting, kept_called
from firnline.s3.model import Rule
from firnline.s3.terms import Clock, Days
from firnline.settings import policies_folder

_NAMED: Final = 3


def advise(stored: StoredIn, coming: Coming, settings: Settings, wanted: Wanted) -> Advice:
    """Raises `CommandFailed`, also where nothing is stored, and `NoPrice`."""
    if stored.bucket is None:
        raise CommandFailed(
            f"{visible(stored.path)} does not say which bucket it is of: name it with --bucket"
        )
    prices_of(settings.region)  # before anything large is read
    covered = covering(stored.bucket)
    known = what_is_known(stored, coming, settings, wanted, covered)
    if not known.is_stored and not known.is_written:
        raise CommandFailed(f"nothing is stored as of {settings.as_of:%Y-%m-%d}")
    proposal = _settled(known, wanted, settings, covered)
    theirs = _of_others(covered.program.kept) if covered else ()
    return replace(proposal, notes=(*proposal.notes, *theirs, *_notes(known, proposal)))


def _settled(known: Known, wanted: Wanted, settings: Settings, covered: Covered | None) -> Advice:
    """Until no move is left that a check warns about, but for what the first run costs once."""
    least = Fraction(wanted.worth * settings.months)
    at, cleanup = known.at, _cleanup(known, wanted, covered)
    seeking = Seeking(
        known.root,
        Tariff(at.starts, at.prices, at.state, _then(cleanup, covered), stored_in(known.root)),
        cleanup,
        partial(known.evidence.classes, wanted=wanted.classes),
        wanted.ends,
        known.sizes,
        least,
        owned_prefixes(covered.program) if covered else (),
        known.reading,
        known.evidence.keeps_undo,
    )
    refuse_taken(wanted.ends, seeking.taken, covered.program.kept if covered else ())
    made = _edited(known, seeking, least, covered)
    header, path = _header(known, wanted, covered)
    judge = partial(
        judged,
        path=path,
        files=made.files,
        gathered=known.gathered,
        settings=settings,
    )
    draft, forecast = _without_warnings(seeking, header, judge)
    changed = [
        (line, rules.rules)
        for change, steps in made.made
        for line, rules in zip(change.lines, steps, strict=True)
    ]
    return Advice(
        draft,
        path,
        covered is not None,
        tuple(change for change, _ in made.made),
        tuple(_files(covered, made)) if covered else (),
        known.usd_a_month,
        worths(known.root, draft.proposed, at, changed),
        forecast,
        known.evidence,
        made.notes,
    )


def _without_warnings(
    seeking: Seeking, header: Header, judge: Callable[[Draft], Judged]
) -> tuple[Draft, Forecast]:
    while True:
        proposed = seeking.best()
        small = {
            node.prefix: number
            for node in seeking.root.all
            if node.prefix in proposed.prefixes and (number := too_small(node))
        }
        draft = Draft(header, proposed, names_of(proposed.prefixes), small)
        found = judge(draft)
        if found.refused:
            seeking.refused.update(found.refused)
            continue
        if not found.accepted:
            return draft, found.forecast
        draft = replace(draft, accepted=tuple(dict.fromkeys(found.accepted)))
        return draft, judge(draft).forecast


def _cleanup(known: Known, wanted: Wanted, covered: Covered | None) -> Cleanup:
    """Of the whole bucket, where no policy says it of that; and not before what policies keep
    longer below some prefix. Nothing where a kept rule of others does it somewhere: a policy for
    the whole bucket would contradict it.
    """
    old = wanted.old_versions if known.keeps_versions else None
    uploads = wanted.uploads
    return Cleanup(
        old and _beside(covered, Clock.NONCURRENT_VERSIONS, old),
        uploads and _beside(covered, Clock.MULTIPART_UPLOADS, uploads),
    )


def _then(cleanup: Cleanup, covered: Covered | None) -> Cleanup:
    """With the old versions that policies delete in the whole bucket already."""
    owned = covered.program.owned(Clock.NONCURRENT_VERSIONS) if covered else []
    ends = [
        each.timeline.ends_of(0) for each in owned if not (each.prefix or each.scope.is_filtered)
    ]
    if cleanup.old_versions is not None or not ends or ends[0] is None:
        return cleanup
    return cleanup._replace(old_versions=ends[0])


def _beside(covered: Covered | None, clock: Clock, days: Days) -> Days | None:
    if covered and acting(covered.program.kept, [clock]):
        return None
    owned = covered.program.owned(clock) if covered else []
    ends = [each.timeline.ends for each in owned]
    if None in ends or any(not each.prefix for each in owned):
        return None
    return max((days, *(each for each in ends if each is not None)))


def _edited(known: Known, seeking: Seeking, least: Fraction, covered: Covered | None) -> Edited:
    if covered is None:
        return Edited({}, (), ())
    existing = Existing(
        covered.program, known.root, seeking.classes, known.sizes, least, seeking.reading
    )
    return edited(covered, existing.changes(seeking.tariff))


def _files(covered: Covered, made: Edited) -> Iterator[EditedFile]:
    for path in dict.fromkeys(change.path for change, _ in made.made):
        before, after = covered.files[path], made.files[path]
        assert isinstance(before, bytes)
        assert isinstance(after, bytes)
        yield EditedFile(path, before.decode(), after.decode())


def _header(known: Known, wanted: Wanted, covered: Covered | None) -> tuple[Header, str]:
    """And the path of the new file."""
    bucket, versioning = known.bucket, known.at.state.versioning
    name = wanted.name or policy_name(bucket.name)
    taken = {each.name.value for each in covered.compilation.folder.policies} if covered else set()
    if name in taken and not wanted.name:
        name = f"{name}-tiers"
    owners = {each.owner.value for each in covered.program.policies} if covered else set()
    header = Header(
        name=name,
        owner=wanted.owner or (owners.pop() if len(owners) == 1 else None),
        why=wanted.why or f"tiers that pay by {_by_what(known)}",
        account=wanted.account or bucket.account,
        bucket=bucket.name,
        versioning=versioning if known.keeps_versions and not covered else None,
    )
    return header, f"{policies_folder().path}/{name}.yaml"


def _first(folders: Sequence[str]) -> str:
    more = f" and {len(folders) - _NAMED:,} more" if len(folders) > _NAMED else ""
    return ", ".join(f"`{visible(each)}`" for each in folders[:_NAMED]) + more


def _by_what(known: Known) -> str:
    if not known.is_stored:
        return "what will be written"
    return f"what was stored on {known.stored.as_of:%Y-%m-%d}"


def _of_others(kept: Sequence[Rule]) -> Iterator[str]:
    found = acting(kept, Clock)
    if found:
        named = ", ".join(kept_called(rule.id) for rule in found[:_NAMED])
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        yield (
            f"nothing is proposed where rules of others act that the policies keep: {named}{more};"
            " a policy that takes one over says `adopts`"
        )


def _notes(known: Known, advice: Advice) -> Iterator[str]:
    proposed = advice.draft.proposed
    changed = [prefix for change in advice.changes for prefix in change.prefixes]
    timelines = [each.timeline for each in proposed.tiers]
    timelines += [change.after for change in advice.changes]
    into = {move.into for timeline in timelines for move in timeline.moves}
    yield from known.evidence.notes([*proposed.prefixes, *changed], into)
    if known.keeps_versions:
        yield from known.evidence.of_old_versions()
    if known.unnamed:
        yield (
            f"no policy can name {_first(known.unnamed)}: what is there counts to the folder above"
        )
    if said := not_known(visible(known.bucket.name), known.at.prices):
        yield said
    if not advice.covered:
        yield (
            "no policy of the project covers the bucket: rules that are live on it are not counted"
        )
    if not advice.draft.is_empty and has_lock():
        yield (
            "the fleet lock does not know the new file yet: run `firnline resolve` once it is"
            " there, as `firnline check` says as well (FL708)"
        )
    if not known.keeps_versions:
        yield "nothing is proposed for old versions: the bucket is taken to keep none"
