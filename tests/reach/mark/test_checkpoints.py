"""In batches of keys the same checkpoints are intermediate as one run at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from firnline.reach.experiments.checkpoints import Stored, intermediate_checkpoints
from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.checkpoints import Checkpoints
from firnline.reach.mark.classes import Ages, Classes
from firnline.reach.mark.known import Known
from firnline.reach.reference_file import Covered
from firnline.reach.references import CheckpointRule, Reference, Strength

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
RUN = Location("b", LocationKind.DIR, "x/run")
MATCHES = (("c/*",), ("c/*", "e*/*"), ("*-*",), ("artifacts/c/*",), ("c/*.p*",))


def rule(match: tuple[str, ...] = ("c/*",), newest: int = 1, registered: bool = False) -> Covered:
    return CheckpointRule(RUN, match, newest, registered, ("run run",))


def live(key: str = "x/run", strength: Strength = Strength.LIVE) -> Reference:
    return Reference(Location("b", LocationKind.DIR, key), strength, ("run run",))


def intermediate(said: list[Covered], ages: dict[str, float], batch: int = 1_000) -> set[str]:
    """By key, and how many hours old it is."""
    known = Known()
    for each in said:
        known.add(each)
    checkpoints = Checkpoints(known.of("b"))
    if not checkpoints:
        return set()
    frame = pl.DataFrame(
        {
            "key": pl.Series([*ages], dtype=pl.String),
            "last_modified": pl.Series(
                [NOON - timedelta(hours=each) for each in ages.values()],
                dtype=pl.Datetime("us", "UTC"),
            ),
        }
    )
    for part in frame.iter_slices(batch):
        checkpoints.add(part)
    found = frame.sort("key")
    return set(found.filter(checkpoints.among(found))["key"])


SEGMENTS = st.sampled_from(
    ["c", "c-", "e1", "artifacts", "1", "2", "2.pt", "12.pt", "a-1", "a", ""]
)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
KEYS = st.one_of(PATHS.map("x/run/{}".format), PATHS.map("x/runs/{}".format), st.just("x/run"))
AGES = st.dictionaries(KEYS, st.integers(0, 4).map(float), max_size=14)


@given(AGES, st.sampled_from(MATCHES), st.integers(1, 3), st.integers(1, 4))
def test_batches_answer_as_one_run_does(
    ages: dict[str, float], match: tuple[str, ...], newest: int, batch: int
) -> None:
    said = rule(match, newest)
    assert isinstance(said, CheckpointRule)
    below = [
        Stored(key, NOON - timedelta(hours=age)) for key, age in ages.items() if RUN.covers(key)
    ]
    expected = intermediate_checkpoints(said, below)
    assert intermediate([live(), said], ages, batch) == expected


OTHERS = st.lists(
    st.builds(
        live,
        st.sampled_from(["x", "x/run/c", "x/run/c/1", "x/run/c/12.pt", "x/run/d", "x/ru", "y"]),
        st.sampled_from(Strength),
    ),
    max_size=3,
)


@given(AGES, OTHERS)
def test_what_anything_else_names_stays(ages: dict[str, float], others: list[Reference]) -> None:
    alone = intermediate([live(), rule()], ages)
    kept = {key for key in alone if any(each.location.covers(key) for each in others)}
    assert intermediate([live(), *others, rule()], ages) == alone - kept


FILES = {"x/run/c/1.pt": 9.0, "x/run/c/2.pt": 5.0, "x/run/c/best.pt": 99.0}


def test_live_references_to_the_run_itself_keep_no_checkpoint_and_others_do() -> None:
    assert intermediate([live(), live(), rule()], FILES) == {"x/run/c/1.pt"}
    assert intermediate([live(), live(strength=Strength.SOFT), rule()], FILES) == set()
    assert intermediate([live(), live(strength=Strength.PIN), rule()], FILES) == set()


def test_what_another_run_or_registry_needs_of_the_same_folder_stays() -> None:
    """A run that goes on from the checkpoints of this one."""
    other = Reference(RUN, Strength.LIVE, ("run next", "running"))
    assert intermediate([live(), other, rule()], FILES) == set()
    for name in ("run é", 'run "x"', "run \\"):
        own = Reference(RUN, Strength.LIVE, (name, "active run"))
        said = CheckpointRule(RUN, ("c/*",), 1, False, (name, "not among the newest"))
        assert intermediate([own, said], FILES) == {"x/run/c/1.pt"}


def test_a_rule_of_registered_runs_holds_where_something_is_pinned_below() -> None:
    said = rule(registered=True)
    pin = live("x/run/model", Strength.PIN)
    assert intermediate([live(), said], FILES) == set()
    assert intermediate([live(), live("x/run-2/model", Strength.PIN), said], FILES) == set()
    assert intermediate([live(), pin, said], FILES) == {"x/run/c/1.pt"}


def test_rules_that_differ_about_one_folder_keep_all_checkpoints() -> None:
    assert intermediate([live(), rule(), rule(newest=2)], FILES) == set()
    assert intermediate([live(), rule(), rule()], FILES) == {"x/run/c/1.pt"}


def test_a_checkpoint_of_unknown_age_stays_and_takes_no_place() -> None:
    known = Known()
    known.add(rule())
    checkpoints = Checkpoints(known.of("b"))
    moments = [NOON - timedelta(hours=9), NOON - timedelta(hours=5), None]
    frame = pl.DataFrame(
        {"key": ["x/run/c/1", "x/run/c/2", "x/run/c/3"], "last_modified": moments},
        schema_overrides={"last_modified": pl.Datetime("us", "UTC")},
    )
    checkpoints.add(frame)
    assert checkpoints.among(frame).to_list() == [True, False, False]


def test_an_intermediate_checkpoint_is_an_orphan_of_the_owner_of_its_run() -> None:
    known = Known()
    owned = Reference(RUN, Strength.LIVE, ("run run", "active run"), "ana", "churn")
    for each in (owned, rule()):
        known.add(each)
    classes = Classes(known, "b", Areas(None), Ages(), NOON)
    days = {"x/run/c/1.pt": 90, "x/run/c/2.pt": 80, "x/run/model": 90}
    frame = pl.DataFrame(
        {
            "key": [*days],
            "last_modified": [NOON - timedelta(days=each) for each in days.values()],
        }
    )
    classes.checkpoints.add(frame)
    found = classes.named(classes.of(frame)).sort("key")
    assert found.select("key", "class", "strength", "reason", "owner").rows() == [
        ("x/run/c/1.pt", "orphan", None, "intermediate_checkpoint", "ana"),
        ("x/run/c/2.pt", "active", "live", None, "ana"),
        ("x/run/model", "active", "live", None, "ana"),
    ]
