"""Whatever goes wrong with one registry, the others are read, and it says so itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from firnline.fleet.accounts import NoAccess
from firnline.reach.collect import Opened, collect
from firnline.reach.experiments.judge import Judging
from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.experiments.settings import RunSettings
from firnline.reach.location import Location, LocationKind
from firnline.reach.reference_file import read_found, read_head, to_lines
from firnline.reach.references import OrphanReason, Reference, Strength, Unneeded
from firnline.reach.source import CannotRead, Certificate, Found
from firnline.reach.tally import Tally

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
WHOLE = Certificate(NOON, NOON, pages=1, count=1, independent_count=1)
MODEL = Reference(Location("acme", LocationKind.DIR, "m/1"), Strength.PIN, ("model churn v1",))
RUN = Run(
    *("r1", "brave-owl", ("churn",), (), RunStatus.FINISHED, False, NOON, NOON, NOON, "ann"),
    roots=(Location("acme", LocationKind.DIR, "runs/r1"),),
)


def good() -> Iterator[Found]:
    yield MODEL
    yield WHOLE


def without_certificate() -> Iterator[Found]:
    yield MODEL


def refused() -> Iterator[Found]:
    yield MODEL
    raise NoAccess("111122223333", "dynamodb:Scan", "AccessDenied", code="AccessDenied")


def reset() -> Iterator[Found]:
    yield MODEL
    raise ConnectionResetError("to https://ann:s3cr3t@registry.acme.example")


def damaged() -> Iterator[Found]:
    raise CannotRead("answered with a page twice: read it again")
    yield


def talkative() -> Iterator[Found]:
    yield from good()
    yield MODEL


def tracker() -> Iterator[Found]:
    yield RUN
    yield WHOLE


def judging(_: str) -> Judging:
    return Judging(RunSettings(), NOON)


def collected(**sources: object) -> tuple[list[Tally], list[str]]:
    registries = [Opened(name, "fake", read) for name, read in sources.items()]  # type: ignore[arg-type]
    tallies: list[Tally] = []
    lines = list(to_lines(NOON, collect(registries, judging, lambda: NOON, tallies)))
    return tallies, lines


def test_each_fault_makes_its_registry_incomplete_with_a_sentence_and_the_others_are_read() -> None:
    tallies, lines = collected(
        a=without_certificate, b=refused, c=reset, d=damaged, e=talkative, f=good
    )
    incomplete = read_head(lines, "refs").incomplete
    assert [each.name for each in incomplete] == ["a", "b", "c", "d", "e"]
    for each in incomplete:
        assert len(each.certificate.problems) == 1
        assert ": " in each.certificate.problems[0]  # the remedy goes behind the cause
    assert [each.has_no_access for each in tallies] == [False, True, True, False, False, False]
    assert "s3cr3t" not in "".join(lines)
    assert {name for name, _ in read_found(lines, "refs")} == {"a", "b", "c", "e", "f"}


def test_runs_are_judged_and_stand_before_the_certificate() -> None:
    _, lines = collected(mlflow=tracker)
    ((name, found),) = read_found(lines, "refs")
    assert isinstance(found, Reference)
    assert (name, found.location, found.strength) == ("mlflow", RUN.roots[0], Strength.LIVE)
    assert found.because == ("run brave-owl (r1)", "active run")
    assert "certificate" in lines[-2]


def test_what_a_registry_deleted_itself_is_soft_within_the_grace() -> None:
    def deleted(days: int | None) -> Unneeded:
        since = None if days is None else NOON - timedelta(days=days)
        location = Location("acme", LocationKind.DIR, f"m/{days}")
        return Unneeded(location, OrphanReason.VERSION_DELETED, ("version 3",), since)

    def registry() -> Iterator[Found]:
        yield from (deleted(13), deleted(14), deleted(None), WHOLE)

    _, lines = collected(mlflow=registry)
    soft, *others = [found for _, found in read_found(lines, "refs")]
    assert isinstance(soft, Reference)
    assert (soft.strength, soft.because) == (Strength.SOFT, ("version 3", "within its grace"))
    assert others == [deleted(14), deleted(None)]


def test_no_registry_can_say_that_nothing_in_a_bucket_is_needed() -> None:
    for kind in (LocationKind.DIR, LocationKind.RAW_PREFIX):
        bucket = Location("acme", kind, "")

        def boundless(bucket: Location = bucket) -> Iterator[Found]:
            yield MODEL
            yield Unneeded(bucket, OrphanReason.VERSION_DELETED, ("item 7",))
            yield WHOLE

        tallies, lines = collected(a=boundless)
        (incomplete,) = read_head(lines, "refs").incomplete
        assert "the whole bucket acme is needed (item 7)" in incomplete.certificate.problems[0]
        assert not tallies[0].unneeded
