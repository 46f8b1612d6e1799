"""`firnline approve`: the entries that open what is open, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import main
from tests.cli.test_gates import POLICY, SHORTER, TODAY, Captured, check, gates, policy, repository

__all__ = ["repository"]
NEW_AND_SHORT = "  new: {prefix: new/, delete_after: 3d, old_versions: {delete_after: 2d}}\n  logs:"
APPROVE = ["approve", *TODAY, "--by", "data", "--deletes-up-to", "1TiB"]
FILE = Path("policies/approvals.yaml")


def test_what_is_approved_is_open_no_more(capsys: Captured) -> None:
    policy(SHORTER.replace("30d", "8d"))
    assert check(capsys) == (5, ["FL401", "FL411"])
    assert main(APPROVE) == 0
    printed = capsys.readouterr()
    assert printed.out in FILE.read_text()
    assert "2 approvals added" in printed.err
    assert check(capsys) == (0, [])
    assert "until: 2027-02-19" in FILE.read_text()
    assert main(APPROVE) == 2
    assert "nothing waits for an approval of any gate" in capsys.readouterr().err


def test_an_item_or_a_code_alone(capsys: Captured) -> None:
    policy(SHORTER.replace("30d", "8d"))
    first, second = (each["digest"] for each in gates(capsys))
    assert main([*APPROVE, first[:20]]) == 0
    assert first in FILE.read_text()
    assert second not in FILE.read_text()
    assert check(capsys) == (5, ["FL411"])
    before = FILE.read_text() + "# kept\n"
    FILE.write_text(before)
    assert main([*APPROVE, "FL411", "--ticket", "OPS-1", "--why", "agreed: yes"]) == 0
    assert before.removesuffix("# kept\n") in FILE.read_text()
    assert "# kept\n" in FILE.read_text()
    assert check(capsys) == (5, ["FL402"])
    assert main([*APPROVE, "FL402"]) == 0
    assert check(capsys) == (0, [])


def test_a_code_and_an_item_are_that_gate_of_that_item_alone(capsys: Captured) -> None:
    policy(SHORTER.replace("30d", "8d"))
    first, second = (each["digest"] for each in gates(capsys))
    assert main([*APPROVE[:-2], "FL401", first[:20]]) == 0  # FL402 is not asked for
    assert FILE.read_text().count("item:") == 1
    assert check(capsys) == (5, ["FL402", "FL411"])
    assert main([*APPROVE, "FL401", second]) == 2


def test_what_the_first_run_deletes_needs_a_number(capsys: Captured) -> None:
    policy(SHORTER)
    assert main(APPROVE[:-2]) == 2
    assert "--deletes-up-to 110TiB" in capsys.readouterr().err
    assert not FILE.exists()
    assert main([*APPROVE[:-2], "FL401"]) == 0
    assert check(capsys) == (5, ["FL402"])


def test_gates_of_what_is_there_and_of_what_changes_are_approved_together(
    capsys: Captured,
) -> None:
    """An item that is new under the floor has one digest, whether or not it is compared."""
    policy(POLICY.replace("  logs:", NEW_AND_SHORT))
    code, open_codes = check(capsys)
    assert code == 5
    assert {"FL403", "FL405"} <= set(open_codes)
    assert main([*APPROVE, "FL405"]) == 0
    assert "FL405" not in check(capsys)[1]
    assert main(APPROVE) == 0
    assert check(capsys) == (0, [])


def test_it_may_only_show(capsys: Captured) -> None:
    policy(SHORTER)
    assert main([*APPROVE, "--dry-run"]) == 0
    assert "item: sha256:" in capsys.readouterr().out
    assert not FILE.exists()


@pytest.mark.parametrize("words", [["FL411"], ["sha256:0000"], ["FL3"], ["logs"]])
def test_what_is_not_open_is_refused(words: list[str]) -> None:
    policy(SHORTER)
    assert main([*APPROVE, *words]) == 2
    assert not FILE.exists()


def test_a_mistake_in_the_policies_comes_first() -> None:
    policy(SHORTER.replace("18d", "18"))
    assert main(APPROVE) == 1
    assert not FILE.exists()


def test_what_is_under_the_floor_is_approved_without_a_base(capsys: Captured) -> None:
    policy(POLICY.replace("180d", "2d").replace("30d", "2d"))
    assert main([*APPROVE, "--base", "none"]) == 0
    assert "FL403" in FILE.read_text()
    assert check(capsys, "--base", "none") == (0, [])


def test_buckets_that_had_no_rules_and_get_the_same_are_one_entry(capsys: Captured) -> None:
    policy(POLICY.replace("lab-more]", "lab-more, lab-new, lab-other]"))
    assert check(capsys) == (5, ["FL415", "FL415"])
    assert main(APPROVE) == 0
    assert FILE.read_text().count("item:") == 1
    assert check(capsys) == (0, [])
    policy(POLICY.replace("lab-more]", "lab-more, lab-new]"))
    assert check(capsys) == (0, [])
    policy(POLICY.replace("lab-more]", "lab-more, lab-new, lab-third]"))
    assert check(capsys)[0] == 5


def test_the_digest_of_an_item_on_one_bucket_names_it_on_that_bucket_alone(
    capsys: Captured,
) -> None:
    policy(POLICY.replace("lab-more]", "lab-more, lab-new, lab-other]"))
    first, second = (each["digest"] for each in gates(capsys))
    assert main([*APPROVE, second]) == 0
    assert second in FILE.read_text()
    assert check(capsys) == (5, ["FL415"])
    assert main([*APPROVE, first[:20]]) == 0
    assert check(capsys) == (0, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "a\u2028b"], "invisible"),
        (["--why", "\udced\udca0"], "invisible"),
        (["--ticket", " "], "nothing to read"),
        (["--why", "a\nb"], "more than one line"),
        (["--until", "2026-11-21"], "opens nothing"),
    ],
)
def test_what_could_open_nothing_is_not_written(
    words: list[str], said: str, capsys: Captured
) -> None:
    policy(SHORTER)
    assert exit_code([*APPROVE, *words]) == 2
    assert said in capsys.readouterr().err
    assert not FILE.exists()


def exit_code(words: list[str]) -> object:
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code
