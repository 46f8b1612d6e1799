"""What fleet `python -m sandbox fleet` makes: waves, rules, and a project that compiles."""

from collections import Counter
from pathlib import Path

import pytest

from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from sandbox.fleet.files import files_of, stack_files_of
from sandbox.fleet.plan import KINDS, Size, accounts_in, objects_in, retentions_of


def compiled(size: Size) -> Counter[int]:
    """How many buckets have so many rules, by the files of the fleet and a lock of its buckets."""
    texts = files_of(size, Path("/venv"))
    files = {name: text.encode() for name, text in texts.items() if name.startswith("policies/")}
    folder, _ = read_files(files)
    assert folder.fleet
    lock = [f"firnline: fleet-lock/v1\ndigest: {lock_digest(folder.fleet, folder.policies)}"]
    lock += ["accounts:"]
    for account in accounts_in(size):
        lock += [f'  "{account.id}":']
        for bucket in account.buckets:
            lock += [
                f"    {bucket.name}: {{region: {bucket.kind.region}, partition: aws, kind:"
                f" general-purpose, versioning: {bucket.kind.versioning}, object_lock: off,"
                " ours: policy}"
            ]
    files["policies/fleet.lock.yaml"] = ("\n".join(lock) + "\n").encode()
    compilation = compile_files(files)
    assert not compilation.diagnostics
    return Counter(len(each.rules.rules) for each in compilation.buckets)


@pytest.mark.parametrize("rules", [2, 4, 5, 20])
def test_each_bucket_has_as_many_rules_as_are_wanted(rules: int) -> None:
    assert compiled(Size(3, 4, rules, 2)) == {rules: 12}


def test_the_first_waves_are_the_smallest() -> None:
    waves = Counter(each.wave for each in accounts_in(Size()))
    assert waves == {1: 2, 2: 4, 3: 6}
    for accounts in range(3, 40):
        assert sorted({each.wave for each in accounts_in(Size(accounts))}) == [1, 2, 3]


def test_a_larger_fleet_has_the_smaller_one_in_it() -> None:
    few = accounts_in(Size(3, waves=1))
    many = accounts_in(Size(30, waves=1))
    assert many[:3] == few
    assert len({each.id for each in many}) == 30
    assert sum(each.id.startswith("0") for each in many) == 3
    assert {len(each.id) for each in many} == {12}


def test_each_bucket_has_an_object_that_is_due_soon_and_one_that_never_is() -> None:
    bucket = accounts_in(Size())[0].buckets[0]
    (first, *_) = retentions_of(KINDS[0], 4)
    objects = objects_in(bucket, 4)
    assert first.days == 30
    assert f"{first.prefix}age-028.bin" in {each.key for each in objects}
    assert "README.md" in {each.key for each in objects}


def test_each_account_may_have_a_stack_of_its_own() -> None:
    stacks = stack_files_of(Size())
    assert len(stacks) == 12
    assert "firnline:accounts: [team-007]" in stacks["Pulumi.team-007.yaml"]


def test_what_cannot_be_a_fleet_is_refused() -> None:
    for size in ((2, 1, 4, 3), (0, 1, 4, 0), (3, 1, 1, 1), (1_000, 1, 4, 1)):
        with pytest.raises(ValueError, match=r"at least|at most"):
            Size(*size)
