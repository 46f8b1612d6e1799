"""`firnline check` and `firnline approve` are told what is stored: how much goes at once?"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.cli import main
from firnline.language.units import parse_size
from firnline.rules.gates.entries import with_room
from firnline.s3.law.limits import LARGEST_SIZE_BOUND
from tests.cli.test_gates import (
    POLICY,
    SHORTER,
    TODAY,
    Captured,
    approve,
    check,
    commit,
    git,
    policy,
    repository,
)
from tests.policies import whole

__all__ = ["repository"]
GIB = 2**30
NOW = date(2026, 11, 21)
FILE = Path("policies/approvals.yaml")
ONE = POLICY.replace("[lab-data, lab-more]", "[lab-data]")
AS_OF = ["--as-of", NOW.isoformat()]
FACTS = ["--inventory", "listing.json", *AS_OF]
APPROVE = ["approve", *TODAY, "--by", "data"]


@pytest.fixture(autouse=True)
def one_bucket(repository: Path) -> None:
    assert Path.cwd() == repository
    base_is(ONE)
    policy(ONE.replace("180d", "18d"))


def base_is(text: str) -> None:
    policy(text)
    commit()
    git("branch", "-f", "main")


def stored(*ages: int, each: int = GIB) -> list[str]:
    """So many days old, each so large."""
    contents = [
        {
            "Key": f"logs/{nth:03}",
            "Size": each,
            "LastModified": f"{NOW - timedelta(days=age)}T12:00:00Z",
        }
        for nth, age in enumerate(ages)
    ]
    Path("listing.json").write_text(json.dumps({"Contents": contents}))
    return FACTS


def metrics(bucket: str) -> list[str]:
    """800 GiB, of which it is not known how old they are."""
    at = (NOW - timedelta(days=1)).isoformat()
    values = {"BucketSizeBytes": ("StandardStorage", 800.0 * GIB), "NumberOfObjects": (None, 8.0)}
    results: list[dict[str, Any]] = []
    for name, (storage, value) in values.items():
        label = f"{bucket} {storage or 'AllStorageTypes'}"
        results.append(
            {
                "Id": name.lower(),
                "Label": label,
                "Timestamps": [f"{at}T00:00:00Z"],
                "Values": [value],
                "StatusCode": "Complete",
            }
        )
    Path(f"{bucket}.json").write_text(json.dumps({"MetricDataResults": results, "Messages": []}))
    return ["--cloudwatch", f"{bucket}.json"]


def approved() -> str:
    (line,) = [each for each in FILE.read_text().splitlines() if "deletes_up_to" in each]
    return line.split()[-1]


def test_a_first_run_over_the_limit_is_a_gate_of_its_own(capsys: Captured) -> None:
    facts = stored(*[1] * 9, 50)
    assert check(capsys, *facts) == (5, ["FL401"])  # 10 %, which is the limit
    facts = stored(*[1] * 8, 50, 60)
    assert check(capsys, *facts) == (5, ["FL401", "FL402"])
    main(["check", *TODAY, "--base", "git:main", *facts, "--out", "concise"])
    assert "the first run deletes 2GiB of 10GiB, 20 %; the limit is 10 %" in capsys.readouterr().out


def test_an_approval_without_a_number_is_enough_below_the_limit(capsys: Captured) -> None:
    approve(capsys, codes=["FL401"], deletes_up_to=None)
    assert check(capsys) == (5, ["FL402"])
    assert check(capsys, *stored(*[1] * 9, 50)) == (0, [])
    assert check(capsys, *stored(*[1] * 9, 50, 50)) == (5, ["FL402"])


@pytest.mark.parametrize("ages", [[50] * 3, [1] * 30 + [50] * 2, [1, 2], [400]], ids=str)
def test_check_and_diff_judge_the_first_run_alike(ages: list[int], capsys: Captured) -> None:
    facts = stored(*ages)
    _, codes = check(capsys, *facts)
    main(["diff", "git:main", *facts, "--out", "json"])
    (item,) = json.loads(capsys.readouterr().out)["gates"]
    assert sorted(codes) == sorted(item["codes"])


def test_what_is_approved_follows_from_what_is_stored(capsys: Captured) -> None:
    facts = stored(50, 60, 400)
    assert main([*APPROVE, *facts]) == 0
    assert approved() == "2300MiB"  # 2 GiB are deleted sooner, and the third object is due anyway
    assert "the first run deletes 2GiB: approved are up to 2300MiB" in capsys.readouterr().err
    assert check(capsys, *facts) == (0, [])
    assert check(capsys) == (0, [])
    assert check(capsys, *stored(50, 60, 70)) == (5, ["FL401", "FL402"])
    assert check(capsys, *stored(50, each=GIB // 2)) == (0, [])


def test_below_the_limit_as_much_is_approved_as_the_limit_allows(capsys: Captured) -> None:
    facts = stored(*[1] * 39, 50)
    assert check(capsys, *facts) == (5, ["FL401"])
    assert main([*APPROVE, *facts]) == 0
    assert approved() == "4100MiB"  # a tenth of 40 GiB, in two digits
    assert check(capsys, *facts) == (0, [])
    assert check(capsys) == (0, [])  # `pulumi up` knows no more
    assert check(capsys, *stored(*[1] * 36, *[50] * 4)) == (0, [])
    assert check(capsys, *stored(*[1] * 35, *[50] * 5)) == (5, ["FL401", "FL402"])


def test_where_a_code_is_named_or_nobody_asks_no_number_is_written(capsys: Captured) -> None:
    facts = stored(*[1] * 39, 50)
    assert main([*APPROVE, *facts, "FL401"]) == 0
    assert "deletes_up_to" not in FILE.read_text()
    FILE.unlink()
    base_is(ONE)
    Path("firnline.toml").write_text('[gates.levels]\nFL402 = "warning"\n')
    commit()
    git("branch", "-f", "main")
    policy(ONE.replace("180d", "18d"))
    assert main([*APPROVE, *facts]) == 0
    assert "deletes_up_to" not in FILE.read_text()
    assert check(capsys, *facts) == (0, [])


def test_a_number_that_is_given_counts_unless_it_would_open_nothing(capsys: Captured) -> None:
    words = [*APPROVE, *stored(50, 60)]
    assert main([*words, "--deletes-up-to", "1GiB"]) == 2
    assert "the first run deletes 2GiB" in capsys.readouterr().err
    assert not FILE.exists()
    assert main([*words, "--deletes-up-to", "5GiB"]) == 0
    assert approved() == "5GiB"
    assert check(capsys, *FACTS) == (0, [])


def test_more_than_an_approval_can_be_of_is_refused(capsys: Captured) -> None:
    assert main([*APPROVE, *stored(50, each=LARGEST_SIZE_BOUND), "--dry-run"]) == 0
    assert "deletes_up_to: 1000TiB" in capsys.readouterr().out
    assert main([*APPROVE, *stored(50, each=LARGEST_SIZE_BOUND + 1)]) == 2
    assert "step down in stages" in capsys.readouterr().err
    assert not FILE.exists()


def test_buckets_that_had_no_rules_and_get_the_same_ones_are_approved_together(
    capsys: Captured,
) -> None:
    base_is(whole("applies_to: [{account: lab, buckets: lab-other}]\n"))
    policy(SHORTER)
    one, other = metrics("lab-data"), metrics("lab-more")
    assert main([*APPROVE, *AS_OF, *one]) == 2
    assert "is not known (FL402)" in capsys.readouterr().err
    assert main([*APPROVE, *AS_OF, *one, *other]) == 0
    assert FILE.read_text().count("item:") == 1
    assert approved() == "3600GiB"  # of two buckets, where all may go by either of two clocks
    assert check(capsys, *AS_OF, *one, *other) == (0, [])


def test_without_a_change_nothing_is_approved_by_what_is_stored(capsys: Captured) -> None:
    stored(50)
    assert main(["approve", "--by", "data", "--base", "none", *FACTS]) == 2
    assert "nothing says what has changed" in " ".join(capsys.readouterr().err.split())
    assert main(["check", "--base", "none", *FACTS]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--base", "git:main", "--max-age", "7d"], "--max-age is about what is stored"),
        (["--base", "git:main", "--inventory", "nothing.json"], "nothing.json"),
        (["--base", "git:main", *FACTS, "--max-age", "7"], "'7'"),
    ],
)
@pytest.mark.parametrize("command", ["check", "approve"])
def test_what_would_decide_nothing_is_refused(
    command: str, words: list[str], said: str, capsys: Captured
) -> None:
    stored(50)
    by = ["--by", "data"] if command == "approve" else []
    try:
        code: object = main([command, *by, *words])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert said in " ".join(capsys.readouterr().err.split())


@given(st.integers(0, LARGEST_SIZE_BOUND))
def test_room_is_a_tenth_to_a_fifth_more_and_can_be_written(size: int) -> None:
    room = with_room(size)
    assert room == LARGEST_SIZE_BOUND or size * 11 <= room * 10
    assert room <= size * 1.21 + 1
    assert parse_size(str(room)) == room
