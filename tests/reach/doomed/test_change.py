"""A change dooms what S3 would take by the new rules and not, or later, by the old ones."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.position import BucketPlace
from firnline.reach.doomed.change import Change
from firnline.reach.doomed.doomed import Covering, Doomed, Entry, Met
from firnline.reach.doomed.threats import Threats
from firnline.reach.location import Location
from firnline.reach.references import Reference, Strength
from firnline.rules.threats import Loss, of_rules
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from tests.reach.doomed.losing import Losses, cells, changes, locations, rule_sets

When = set[tuple[Loss, int]]
versionings = st.sampled_from([Versioning.OFF, Versioning.ENABLED, Versioning.SUSPENDED])
references = st.lists(
    st.tuples(locations, st.sampled_from([*Strength, *[Strength.PIN] * 4])),
    min_size=2,
    max_size=6,
    unique_by=lambda each: each[0],
)


def covering(versioning: Versioning, *of: tuple[str, RuleSet]) -> Covering:
    return Covering(
        Entry(name, Threats(of_rules(rules, BucketPlace(name))), None, versioning)
        for name, rules in of
    )


def by_location(found: Iterable[Doomed], location: Location) -> When:
    return {
        (each.threat.loss, int(each.threat.after))  # type: ignore[arg-type]
        for each in found
        if any(needed.location == location for needed in each.named)
    }


def that_matter(losses: Losses, strength: Strength) -> Losses:
    """What a run needs may be archived, and what is needed for its grace alone may go."""
    if strength is Strength.SOFT:
        return {}
    return {
        loss: day
        for loss, day in losses.items()
        if loss is Loss.DELETED or strength is not Strength.LIVE
    }


def compared(were: list[Losses], are: list[Losses], strength: Strength) -> tuple[When, When, When]:
    """Added, removed and standing, object by object."""
    added: When = set()
    standing: When = set()
    for one, other in zip(were, are, strict=True):
        before, after = that_matter(one, strength), that_matter(other, strength)
        for loss, day in after.items():
            known = [at for lost, at in before.items() if lost in (loss, Loss.DELETED)]
            (standing if known and min(known) <= day else added).add((loss, day))
    left = {loss for loss, _ in added | standing}
    gone = {each for one in were for each in that_matter(one, strength).items()}
    return added, {each for each in gone if each[0] not in left}, standing


@settings(max_examples=80, deadline=None)
@given(changes(), changes(), versionings, references)
def test_a_change_dooms_exactly_what_is_lost_anew_or_sooner_and_saves_what_is_lost_no_more(
    data: tuple[RuleSet, RuleSet],
    logs: tuple[RuleSet, RuleSet],
    versioning: Versioning,
    needed: list[tuple[Location, Strength]],
) -> None:
    sides = [covering(versioning, ("lab-data", data[n]), ("lab-logs", logs[n])) for n in (0, 1)]
    change = Change(*sides, names_all=True)
    for number, (location, strength) in enumerate(needed):
        change.see("mlflow", Reference(location, strength, (f"model {number}",)))
    of = {"lab-data": data, "lab-logs": logs, "elsewhere": (RuleSet(()), RuleSet(()))}
    for location, strength in needed:
        were, are = (list(cells(each, versioning, location)) for each in of[location.bucket])
        added, removed, standing = compared(were, are, strength)
        event(f"added {bool(added)}, removed {bool(removed)}, standing {bool(standing)}")
        assert by_location(change.added, location) == added
        assert by_location(change.removed, location) == removed
        told = by_location(change.standing, location)
        assert standing - added <= told <= standing


@settings(max_examples=60, deadline=None)
@given(rule_sets(), rule_sets(), versionings, references)
def test_rules_that_nobody_wrote_as_a_policy_doom_exactly_what_s3_takes(
    data: RuleSet,
    logs: RuleSet,
    versioning: Versioning,
    needed: list[tuple[Location, Strength]],
) -> None:
    met = Met(covering(versioning, ("lab-data", data), ("lab-logs", logs)), names_all=True)
    for number, (location, strength) in enumerate(needed):
        met.see("mlflow", Reference(location, strength, (f"model {number}",)))
    of = {"lab-data": data, "lab-logs": logs, "elsewhere": RuleSet(())}
    for location, strength in needed:
        lost = cells(of[location.bucket], versioning, location)
        expected = {day for each in lost for day in that_matter(each, strength).items()}
        event(f"doomed {bool(expected)}")
        assert by_location(met.doomed, location) == expected
