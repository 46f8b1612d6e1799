"""Which checkpoints of a run are intermediate?"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from firnline.reach.experiments.checkpoints import Stored, intermediate_checkpoints
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import CheckpointRule
from tests.reach.experiments.runs import NOW

ROOT = "root/run/artifacts"


def rule(newest: int = 1, *match: str, key: str = ROOT) -> CheckpointRule:
    location = Location("ml", LocationKind.DIR, key)
    return CheckpointRule(location, match or ("checkpoints/*",), newest, False, ("run run",))


def intermediate(said: CheckpointRule, ages: dict[str, float]) -> set[str]:
    """By path below the folder of the run, and how many hours old it is."""
    start = f"{said.location.key}/" if said.location.key else ""
    objects = [Stored(start + path, NOW - timedelta(hours=hours)) for path, hours in ages.items()]
    return {key.removeprefix(start) for key in intermediate_checkpoints(said, objects)}


def test_all_but_the_newest_are_intermediate() -> None:
    files = {f"checkpoints/step-{step}.pt": 100.0 - step for step in range(5)}
    assert intermediate(rule(2), files) == {f"checkpoints/step-{step}.pt" for step in range(3)}
    assert intermediate(rule(5), files) == set()
    assert intermediate(rule(9), files) == set()


def test_a_folder_is_one_checkpoint_with_all_that_is_in_it() -> None:
    files = {
        "checkpoints/step-0/w.bin": 9.0,
        "checkpoints/step-0/deep/opt.bin": 8.0,
        "checkpoints/step-1/w.bin": 5.0,
        "model/w.bin": 99.0,
        "checkpoints.txt": 99.0,
    }
    assert intermediate(rule(), files) == {
        "checkpoints/step-0/w.bin",
        "checkpoints/step-0/deep/opt.bin",
    }


def test_a_checkpoint_is_as_new_as_its_newest_object() -> None:
    files = {"checkpoints/1/w": 99.0, "checkpoints/1/touched": 1.0, "checkpoints/2/w": 5.0}
    assert intermediate(rule(), files) == {"checkpoints/2/w"}


def test_names_up_to_their_first_number_are_one_checkpoint() -> None:
    files = {
        "checkpoints/model.ckpt-100.index": 9.0,
        "checkpoints/model.ckpt-100.data-00000-of-00002": 9.5,
        "checkpoints/model.ckpt-200.index": 5.0,
        "checkpoints/model.ckpt-200.data-00000-of-00002": 7.0,
    }
    assert intermediate(rule(), files) == {each for each in files if "-100" in each}


def test_what_has_no_number_in_its_name_is_no_checkpoint() -> None:
    files = {"checkpoints/best.ckpt": 99.0, "checkpoints/last/w": 98.0, "checkpoints/9.pt": 1.0}
    assert intermediate(rule(), files) == set()


def test_those_as_new_as_the_last_that_is_kept_stay_too() -> None:
    assert intermediate(rule(), {f"checkpoints/{step}.pt": 5.0 for step in range(4)}) == set()


def test_a_star_does_not_go_past_a_slash() -> None:
    files = {"a/b/checkpoints/1.pt": 9.0, "a/checkpoints/1.pt": 9.0, "a/checkpoints/2.pt": 1.0}
    assert intermediate(rule(1, "*/checkpoints/*.pt"), files) == {"a/checkpoints/1.pt"}


def test_several_paths_are_counted_together() -> None:
    files = {"epochs/1.pt": 9.0, "checkpoints/1.pt": 5.0}
    assert intermediate(rule(1, "epochs/*", "checkpoints/*"), files) == {"epochs/1.pt"}


def test_a_run_at_the_root_of_a_bucket_has_checkpoints_too() -> None:
    files = {"checkpoints/1.pt": 9.0, "checkpoints/2.pt": 5.0}
    assert intermediate(rule(key=""), files) == {"checkpoints/1.pt"}


NAMES = st.text("ab-./12", min_size=1, max_size=6)
PATHS = st.one_of(st.builds("checkpoints/{}".format, NAMES), NAMES)
FILES = st.dictionaries(PATHS, st.integers(0, 5).map(float), max_size=12)


@given(FILES, st.integers(1, 4))
def test_what_stays_are_at_least_so_many_of_the_newest(
    files: dict[str, float], newest: int
) -> None:
    gone = intermediate(rule(newest), files)
    named = {each: name for each in files if (name := checkpoint(each)) is not None}
    assert gone <= named.keys()
    ages = {
        name: min(files[each] for each in named if named[each] == name)
        for name in set(named.values())
    }
    for each in named:
        younger = sum(age < ages[named[each]] for age in ages.values())
        assert (each in gone) == (younger >= newest)


def checkpoint(path: str) -> str | None:
    """Letter by letter."""
    first, _, rest = path.partition("/")
    if first != "checkpoints":
        return None
    name, seen = "", False
    for letter in rest.partition("/")[0]:
        if seen and not letter.isdigit():
            break
        name, seen = name + letter, seen or letter.isdigit()
    return name if seen else None
